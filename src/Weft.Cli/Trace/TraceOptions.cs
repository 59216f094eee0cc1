using System.Globalization;
using Weft.Api.Tracing;
using Weft.Packets;

namespace Weft.Cli.Trace;

/// <summary>What a trace sends, and how it waits.</summary>
/// <param name="Protocol">icmp, tcp or udp; null: tcp where there is a port, else icmp.</param>
/// <param name="IPv6">Names stand for their IPv6 addresses.</param>
/// <param name="Size">Bytes behind the header of ICMP or UDP.</param>
/// <param name="Ttl">0: what the sender's kernel sets.</param>
/// <param name="DontFragment">Not to be fragmented.</param>
/// <param name="Timeout">How long an answer is waited for.</param>
internal sealed record TraceOptions(string? Protocol, bool IPv6, int Size, int Ttl, bool DontFragment, TimeSpan Timeout)
{
    /// <summary>Ports that no kernel gives to others by default (net.ipv4.ip_local_port_range ends below).</summary>
    private const int FirstPort = 61000;
    private const int Ports = 4000;

    /// <summary>A source port, or identifier, that nobody else uses now, most likely.</summary>
    public static ushort PickPort() => (ushort)Random.Shared.Next(FirstPort, FirstPort + Ports);

    public string ProtocolFor(int? port) => Protocol ?? (port is null ? ProbeRequest.Icmp : ProbeRequest.Tcp);

    public static IPProtocol NumberOf(string protocol, bool isIPv6) => protocol switch
    {
        ProbeRequest.Tcp => IPProtocol.Tcp,
        ProbeRequest.Udp => IPProtocol.Udp,
        _ => isIPv6 ? IPProtocol.Icmpv6 : IPProtocol.Icmpv4,
    };

    public static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        bool isMilliseconds = text.EndsWith("ms", StringComparison.Ordinal);
        string number = isMilliseconds ? text[..^2] : text.TrimEnd('s');
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || value is <= 0 or > 20_000)
        {
            return false;
        }

        time = isMilliseconds ? TimeSpan.FromMilliseconds(value) : TimeSpan.FromSeconds(value);
        return time <= TimeSpan.FromSeconds(20);
    }
}
