using System.Net;
using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One entry of <c>weft_ipcache</c>.</summary>
/// <param name="TunnelEndpoint">The node to encapsulate to; <c>0.0.0.0</c>: this node, or not behind the overlay.</param>
internal sealed record IpcacheRow(string Prefix, uint Identity, string TunnelEndpoint, IReadOnlyList<string> Flags)
{
    public static IpcacheRow From(in IpcacheKey key, in IpcacheValue value)
    {
        bool ipv4 = key.Addr.IsIPv4 && key.PrefixLen >= WeftAddress.IPv4PrefixBits;
        uint length = ipv4 ? key.PrefixLen - WeftAddress.IPv4PrefixBits : key.PrefixLen;
        return new IpcacheRow(
            $"{key.Addr}/{length}",
            value.Identity,
            value.TunnelEndpoint == 0u ? IPAddress.Any.ToString() : WeftAddress.FromIPv4(value.TunnelEndpoint).ToString(),
            [.. FlagsOf(value)]);
    }

    private static IEnumerable<string> FlagsOf(IpcacheValue value)
    {
        if (value.TunnelEndpoint != 0u)
        {
            yield return "hastunnel";
        }

        if (value.Flags.HasFlag(IpcacheFlags.Service))
        {
            yield return "service";
        }

        if (value.Flags.HasFlag(IpcacheFlags.Native))
        {
            yield return "native";
        }
    }

    /// <summary>The form of the entry that users of Cilium's <c>bpf ipcache list</c> know.</summary>
    public string ToText() =>
        $"identity={Identity} encryptkey=0 tunnelendpoint={TunnelEndpoint} flags={(Flags.Count == 0 ? "<none>" : string.Join(',', Flags))}";
}
