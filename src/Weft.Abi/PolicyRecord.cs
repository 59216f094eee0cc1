using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>A flow was judged. Followed by <see cref="LenCap"/> bytes of the packet, from its Ethernet header on.</summary>
[BtfStruct("weft_policy_event")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct PolicyRecord
{
    /// <summary>Its subtype is a <see cref="PolicyVerdictCode"/>.</summary>
    public EventHeader Header;

    public uint LenOrig;
    public ushort LenCap;

    /// <summary>Of the flow's first packet, from the endpoint's side.</summary>
    public MetricDirection Direction;

    public PolicyEventFlags Flags;

    /// <summary>Identity of the other end.</summary>
    public uint Peer;

    /// <summary><see cref="PolicyRuleValue.Rule"/>.</summary>
    public uint Rule;

    /// <summary>The receiver's, in host byte order; of ICMP the type.</summary>
    public ushort Port;

    public byte Proto;

    /// <summary><see cref="PolicyRuleValue.Narrow"/>.</summary>
    public byte Narrow;

    public uint IfIndex;
}
