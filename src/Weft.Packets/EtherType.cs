namespace Weft.Packets;

/// <summary>Types of an Ethernet frame's content; values below 0x0600 are lengths (IEEE 802.3).</summary>
public enum EtherType : ushort
{
    IPv4 = 0x0800,
    Arp = 0x0806,
    Vlan = 0x8100,
    IPv6 = 0x86dd,
    ServiceVlan = 0x88a8,
}
