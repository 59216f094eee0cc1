namespace Weft.Packets;

/// <summary>Which way a packet went, as pcapng's flags of packets say it.</summary>
public enum PcapngDirection
{
    Unknown = 0,
    Inbound = 1,
    Outbound = 2,
}
