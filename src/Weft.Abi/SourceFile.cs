namespace Weft.Abi;

/// <summary>Source files that drop packets. Numbers are never reused.</summary>
[BtfEnum("weft_file")]
public enum SourceFile : byte
{
    Pod = 2,
    Overlay = 3,
    Netdev = 6,
    Conntrack = 101,
    Icmp = 102,
    Encap = 103,
    Packet = 104,
    Deliver = 105,
    Arp = 106,
    Fragments = 107,
}
