namespace Weft.Abi;

/// <summary>Source files that drop packets. Numbers are never reused.</summary>
[BtfEnum("weft_file")]
public enum SourceFile : byte
{
    Host = 1,
    Pod = 2,
    Overlay = 3,
    Sock = 5,
    Netdev = 6,
    Conntrack = 101,
    Answer = 102,
    Encap = 103,
    Packet = 104,
    Deliver = 105,
    Arp = 106,
    Fragments = 107,
    Nat = 108,
    Services = 109,
    Route = 110,
    Nd = 111,
    Rewrite = 112,
    Hold = 113,
    Policy = 114,
}
