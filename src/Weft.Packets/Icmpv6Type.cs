namespace Weft.Packets;

/// <summary>ICMP types of IPv6 (RFC 4443, 4861, 2710, 3810).</summary>
public enum Icmpv6Type : byte
{
    DestinationUnreachable = 1,
    PacketTooBig = 2,
    TimeExceeded = 3,
    ParameterProblem = 4,
    EchoRequest = 128,
    EchoReply = 129,
    MldQuery = 130,
    MldReport = 131,
    MldDone = 132,
    RouterSolicitation = 133,
    RouterAdvertisement = 134,
    NeighborSolicitation = 135,
    NeighborAdvertisement = 136,
    Redirect = 137,
    MldV2Report = 143,
}
