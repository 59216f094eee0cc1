using System.Globalization;
using Weft.Abi;

namespace Weft.Cli.Maps.Policy;

/// <summary>What an endpoint's table says of one peer, for one protocol and block of ports.</summary>
/// <param name="Policy"><c>Allow</c> or <c>Deny</c>.</param>
/// <param name="Direction"><c>Ingress</c> or <c>Egress</c>.</param>
/// <param name="Identity">Of the peer; 0: anybody.</param>
/// <param name="Labels">None: only the agent knows them, and it did not answer.</param>
/// <param name="Port"><c>80/TCP</c>, <c>1024-2047/UDP</c>, <c>type 8/ICMP</c>, <c>TCP</c>, <c>ANY</c>.</param>
/// <param name="Prefix">Bits of protocol and port that count: of two entries the one with more decides, and a deny before an allow.</param>
/// <param name="Rule">Its number; 0: it follows from none.</param>
/// <param name="Place">Where the rule is written, as far as the agent knows it.</param>
internal sealed record PolicyMapEntryRow(
    string Policy, string Direction, uint Identity, IReadOnlyList<string>? Labels, string Port, int Prefix, uint Rule, string? Place)
{
    private const int IcmpProtocol = 1;
    private const int Icmpv6Protocol = 58;

    public static string PortText(in PolicyRuleKey key)
    {
        if (key.PrefixLen < (uint)PolicyBits.AnyPort)
        {
            return "ANY";
        }

        string protocol = SocketText.Protocol(key.Proto);
        int bits = (int)(key.PrefixLen - (uint)PolicyBits.AnyPort);
        ushort first = key.Port;
        int last = first | (0xFFFF >> bits);
        string type = key.Proto is IcmpProtocol or Icmpv6Protocol ? "type " : "";
        return bits == 0 ? protocol
            : first == last ? string.Create(CultureInfo.InvariantCulture, $"{type}{first}/{protocol}")
            : string.Create(CultureInfo.InvariantCulture, $"{type}{first}-{last}/{protocol}");
    }
}
