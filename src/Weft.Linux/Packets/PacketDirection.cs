// include/uapi/linux/if_packet.h: sll_pkttype
namespace Weft.Linux.Packets;

/// <summary>Which way a frame went, seen from the device.</summary>
public enum PacketDirection : byte
{
    /// <summary>In, to the device's own address.</summary>
    PACKET_HOST = 0,
    PACKET_BROADCAST = 1,
    PACKET_MULTICAST = 2,

    /// <summary>In, to somebody else's address.</summary>
    PACKET_OTHERHOST = 3,

    /// <summary>Out.</summary>
    PACKET_OUTGOING = 4,
}
