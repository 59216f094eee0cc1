using System.Globalization;

namespace Weft.Bpf.Maps;

/// <summary>The kernel's number for a map, as <c>bpftool map</c> lists it and maps of maps return it; never reused while the machine runs.</summary>
public readonly record struct BpfMapId(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
