using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of an endpoint's table, an inner map of <c>weft_policies</c>. The value is the number of a set of rules.</summary>
[BtfStruct("weft_policy_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct PolicyKey
{
    /// <summary>Of the peer; 0: whoever it is.</summary>
    public uint Identity;

    /// <summary>From the endpoint's side.</summary>
    public MetricDirection Direction;

    private readonly byte _pad0;
    private readonly ushort _pad1;
}
