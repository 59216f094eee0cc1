using System.Globalization;

namespace Weft.Bpf;

/// <summary>The kernel's number for a loaded program, as <c>bpftool prog</c> lists it; never reused while the machine runs.</summary>
public readonly record struct BpfProgramId(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
