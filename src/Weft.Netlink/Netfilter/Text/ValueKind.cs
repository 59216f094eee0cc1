namespace Weft.Netlink.Netfilter.Text;

/// <summary>How the bytes of a register are written.</summary>
internal enum ValueKind
{
    /// <summary>Cannot be told.</summary>
    Unknown,

    // In network order.
    Decimal,
    Hex,
    Port,
    IPv4,
    IPv6,
    Ether,
    EtherType,
    Protocol,
    IcmpType,
    IcmpCode,
    Icmpv6Type,
    Icmpv6Code,
    TcpFlags,
    Dscp,
    Ecn,
    ArpOperation,

    // In the host's.
    HostDecimal,
    Mark,
    InterfaceIndex,
    InterfaceType,
    CtState,
    CtStatus,
    CtDirection,
    NfProtocol,
    PacketType,
    AddressType,
    Milliseconds,
    Boolean,

    /// <summary>Text that ends with its first zero; without one it is the beginning of a name.</summary>
    InterfaceName,
    Text,
}
