using System.Globalization;
using Weft.Api.Tracing;

namespace Weft.Cli.Trace.Netfilter;

/// <summary>Says in words which of a flow's packets passed netfilter, as far as they were counted.</summary>
internal static class NetfilterTraceConclusion
{
    public static void Write(TextWriter output, NetfilterTraceSummary summary, string prefix)
    {
        output.WriteLine();
        foreach (string sentence in Sentences(summary))
        {
            output.WriteLine($"{prefix}{sentence}");
        }
    }

    public static IEnumerable<string> Sentences(NetfilterTraceSummary summary)
    {
        ulong seen = Sum(summary.NetfilterPackets);
        ulong tunnelled = Sum(summary.TunnelPackets);
        if (summary.DatapathPackets > 0)
        {
            string devices = summary.EndpointDevices.Count > 0 ? $" ({string.Join(", ", summary.EndpointDevices)})" : "";
            yield return $"{Packets(summary.DatapathPackets)} of the flow passed {summary.Node}'s eBPF datapath{devices}; netfilter saw "
                + $"{(seen == 0 ? "none of them" : $"{seen}{ByHook(summary.NetfilterPackets)}")}.";
        }
        else
        {
            yield return $"Netfilter on {summary.Node} saw {Packets(seen)} of the flow{ByHook(summary.NetfilterPackets)}; no endpoint's flow in the "
                + "eBPF datapath had any.";
        }

        if (tunnelled > 0)
        {
            yield return $"It saw {tunnelled} VXLAN {(tunnelled == 1 ? "packet" : "packets")} that carried packets of the flow"
                + $"{ByHook(summary.TunnelPackets)}: rules for UDP and the tunnel's port apply to these, rules for the flow do not.";
        }

        if (summary.DatapathPackets > 0 && seen == 0)
        {
            yield return tunnelled > 0
                ? $"The datapath hands the flow's packets from and to {summary.OverlayDevice} by redirect, past netfilter's chains; only what carries them "
                    + "meets those."
                : "The datapath forwarded them by redirect alone, past netfilter's chains: no rule of this node could act on them.";
        }

        if (seen + tunnelled > summary.TracedPackets)
        {
            yield return $"Of {seen + tunnelled} that netfilter saw, {summary.TracedPackets} were traced: more came than are followed in a second.";
        }
    }

    private static ulong Sum(IReadOnlyDictionary<string, ulong> hooks) => hooks.Values.Aggregate(0UL, static (sum, value) => sum + value);

    private static string ByHook(IReadOnlyDictionary<string, ulong> hooks)
    {
        string[] parts = [.. hooks.Where(static hook => hook.Value > 0).OrderBy(static hook => hook.Key, StringComparer.Ordinal)
            .Select(static hook => string.Create(CultureInfo.InvariantCulture, $"{hook.Value} at {hook.Key}"))];
        return parts.Length == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    private static string Packets(ulong count) => count == 1 ? "1 packet" : string.Create(CultureInfo.InvariantCulture, $"{count} packets");
}
