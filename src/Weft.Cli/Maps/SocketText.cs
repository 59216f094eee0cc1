using System.Globalization;
using System.Net;
using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>Addresses with ports, and protocols, as all lists print them.</summary>
internal static class SocketText
{
    /// <summary><c>10.0.1.7:80</c>, <c>[fd00::7]:80</c>.</summary>
    public static string Of(WeftAddress address, ushort port) => new IPEndPoint(address.ToIPAddress(), port).ToString();

    public static string Protocol(byte number) => number switch
    {
        1 => "ICMP",
        6 => "TCP",
        17 => "UDP",
        58 => "ICMPv6",
        132 => "SCTP",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };
}
