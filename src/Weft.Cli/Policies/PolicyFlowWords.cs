using System.Globalization;
using System.Net;
using Weft.Api.Policies;
using Weft.Cli.Hosting;
using Weft.Model.Addressing;

namespace Weft.Cli.Policies;

/// <summary>The destination of a flow as a command line names it: <c>DST[:PORT][/PROTOCOL]</c>.</summary>
/// <param name="Port">Of ICMP the type.</param>
internal sealed record PolicyFlowWords(string Destination, ushort? Port, string Protocol)
{
    private const string IdentityPrefix = "identity:";

    private static readonly string[] s_services = ["svc/", "service/"];
    private static readonly string[] s_protocols =
        [PolicyWhyRequest.Tcp, PolicyWhyRequest.Udp, PolicyWhyRequest.Sctp, PolicyWhyRequest.Icmp, PolicyWhyRequest.Icmpv6];

    /// <exception cref="UsageException">There is no port where one is needed, or a number that is none.</exception>
    public static PolicyFlowWords Parse(string text)
    {
        (string rest, string protocol, ushort? type) = TakeProtocol(text);
        (string destination, ushort? port) = protocol is PolicyWhyRequest.Icmp or PolicyWhyRequest.Icmpv6 ? (rest, type) : TakePort(rest, text);
        bool needsPort = protocol is not (PolicyWhyRequest.Icmp or PolicyWhyRequest.Icmpv6)
            && !s_services.Any(prefix => destination.StartsWith(prefix, StringComparison.Ordinal));
        return destination.Length == 0 ? throw new UsageException($"'{text}' names no destination (write DST:PORT, as db:5432)")
            : needsPort && port is null ? throw new UsageException(
                $"'{text}': which {protocol.ToUpperInvariant()} port? (write {Bracketed(destination)}:PORT{(protocol == PolicyWhyRequest.Tcp ? "" : $"/{protocol}")}, "
                    + $"or {destination}/icmp for a ping)")
            : new PolicyFlowWords(destination, port, protocol);
    }

    private static string Bracketed(string destination) =>
        IPAddress.TryParse(destination, out IPAddress? address) && address.IsIPv6() && !destination.StartsWith('[') ? $"[{destination}]" : destination;

    private static (string Before, string Protocol, ushort? Type) TakeProtocol(string text)
    {
        int slash = text.LastIndexOf('/');
        string last = text[(slash + 1)..].ToLowerInvariant();
        string[] parts = last.Split(':', 2);
        if (slash < 0 || !s_protocols.Contains(parts[0]))
        {
            return (text, PolicyWhyRequest.Tcp, null);
        }

        bool isIcmp = parts[0] is PolicyWhyRequest.Icmp or PolicyWhyRequest.Icmpv6;
        return parts.Length == 1 ? (text[..slash], parts[0], null)
            : isIcmp && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out byte type) ? (text[..slash], parts[0], type)
            : throw new UsageException(
                $"'{text}': {(isIcmp ? "an ICMP type is a number from 0 to 255" : $"the port comes before the protocol (write DST:PORT/{parts[0]})")}");
    }

    /// <summary>An address of IPv6 has a port behind brackets only.</summary>
    private static (string Destination, ushort? Port) TakePort(string rest, string text)
    {
        int from = rest.StartsWith(IdentityPrefix, StringComparison.Ordinal) ? IdentityPrefix.Length : 0;
        int colon = rest.LastIndexOf(':');
        if (colon < from || rest.EndsWith(']') || (!rest.Contains(']', StringComparison.Ordinal) && IPAddress.TryParse(rest, out _)))
        {
            return (rest, null);
        }

        string number = rest[(colon + 1)..];
        return number.Length > 0 && number.All(char.IsAsciiDigit)
            ? ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
                ? (rest[..colon], port)
                : throw new UsageException($"'{text}': a port is a number from 1 to 65535")
            : (rest, null);
    }
}
