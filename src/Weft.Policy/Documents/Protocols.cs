using System.Globalization;

namespace Weft.Policy.Documents;

/// <summary>The protocols that rules name, by their numbers in the IP header.</summary>
public static class Protocols
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmpv6 = 58;
    public const byte Sctp = 132;

    /// <summary>What a rule for any protocol means where it names ports.</summary>
    public static ReadOnlySpan<byte> WithPorts => [Tcp, Udp, Sctp];

    public static bool IsIcmp(byte protocol) => protocol is Icmp or Icmpv6;

    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Sctp;

    public static string NameOf(byte protocol) => protocol switch
    {
        PortMatch.AnyProtocol => "ANY",
        Icmp => "ICMP",
        Tcp => "TCP",
        Udp => "UDP",
        Icmpv6 => "ICMPv6",
        Sctp => "SCTP",
        _ => protocol.ToString(CultureInfo.InvariantCulture),
    };
}
