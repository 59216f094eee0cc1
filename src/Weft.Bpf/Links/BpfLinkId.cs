using System.Globalization;

namespace Weft.Bpf.Links;

/// <summary>The kernel's number for a link, as <c>bpftool link</c> lists it; never reused while the machine runs.</summary>
public readonly record struct BpfLinkId(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
