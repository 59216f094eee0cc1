using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Fields of the kernel's <c>struct sk_buff</c>, with its names and numbers.</summary>
[BtfStruct("weft_hop_skb")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HopSkb
{
    public const int Size = 40;

    /// <summary>Nanoseconds of the clock that the kernel chose for it; 0: none.</summary>
    public long Tstamp;

    /// <summary>Bytes that are not in the linear part.</summary>
    public uint DataLen;

    public uint Hash;
    public uint Priority;

    /// <summary>Bytes of memory that it is accounted for.</summary>
    public uint Truesize;

    /// <summary>References to it.</summary>
    public uint Users;

    /// <summary>ETH_P_*.</summary>
    public Be16 Protocol;

    /// <summary>0: no tag beside the packet.</summary>
    public Be16 VlanProto;

    public ushort VlanTci;
    public ushort QueueMapping;

    /// <summary>Non-zero: its data may be another's too.</summary>
    public byte Cloned;

    /// <summary>PACKET_* of linux/if_packet.h.</summary>
    public byte PktType;

    /// <summary>CHECKSUM_* of linux/skbuff.h.</summary>
    public byte IpSummed;

    private readonly byte _pad;
}
