using System.Globalization;
using Weft.Api.Tracing;

namespace Weft.Cli.Trace.Netfilter;

/// <summary>Writes a trace for people: a line for each packet as a hook saw it, below it the rules that it met, and at the end what was counted.</summary>
internal sealed class NetfilterTraceText(TextWriter output, TimeZoneInfo zone, bool verbose, bool severalNodes)
{
    private (string Node, long Packet)? _packet;
    private string? _line;

    public void Write(NetfilterTraceFrame frame)
    {
        if (frame.Start is { } start)
        {
            WriteStart(start);
        }
        else if (frame.Step is { } step)
        {
            WriteStep(step);
        }
        else if (frame.Lost == true)
        {
            output.WriteLine("steps were lost: more packets were traced than could be read (trace less: a narrower flow)");
        }
        else if (frame.Summary is { } summary)
        {
            NetfilterTraceConclusion.Write(output, summary, Prefix(summary.Node));
        }
    }

    private void WriteStart(NetfilterTraceStart start)
    {
        output.WriteLine($"Tracing on {start.Node}, by table inet {start.Id}. Press Ctrl-C to end.");
        if (start.LegacyTables.Count > 0)
        {
            output.WriteLine(
                $"{Prefix(start.Node)}Not shown: rules of iptables-legacy in {string.Join(", ", start.LegacyTables)}. The kernel tells their steps to its "
                    + "own log, not to listeners.");
        }
    }

    private void WriteStep(NetfilterStep step)
    {
        if (_packet != (step.Node, step.Packet))
        {
            _packet = (step.Node, step.Packet);
            _line = null;
            output.WriteLine();
            DateTimeOffset time = TimeZoneInfo.ConvertTime(step.Time, zone);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Prefix(step.Node)}packet {step.Packet}  {time:HH:mm:ss.fff}"));
        }

        if (step.Headers is { } headers && Describe(headers) is { } line && line != _line)
        {
            _line = line;
            output.WriteLine($"  {line}");
        }

        // A chain that did nothing is of no news, but one that drops is.
        if (step.Type != NetfilterStep.Begin
            && (verbose || step is not { Type: NetfilterStep.Policy, Verdict: "accept" } and not { Type: NetfilterStep.Return }))
        {
            output.WriteLine($"    {Where(step),-44}{What(step)}");
        }
    }

    private string Prefix(string node) => severalNodes ? $"[{node}] " : "";

    private static string Where(NetfilterStep step) => string.Create(
        CultureInfo.InvariantCulture,
        $"{step.Hook ?? "-",-12}{step.Family} {step.Table} {step.Chain}{(step.Handle is { } handle ? $" #{handle}" : "")}");

    private static string What(NetfilterStep step) => step.Type switch
    {
        NetfilterStep.Policy => $"  policy {step.Verdict}",
        NetfilterStep.Return => $"  end of chain: {step.Verdict}",
        _ => $"  {step.RuleText ?? "(the rule is gone)"}{(EndsWith(step.RuleText, step.Verdict) ? "" : $"  -> {step.Verdict}")}",
    };

    private static bool EndsWith(string? text, string verdict) =>
        verdict == "continue" || (text is not null && $" {text}".Contains($" {verdict}", StringComparison.Ordinal));

    private static string Describe(NetfilterPacket packet)
    {
        string devices = (packet.In, packet.Out) switch
        {
            ({ } from, { } to) => $"{from} => {to}",
            ({ } from, null) => $"in {from}",
            (null, { } to) => $"out {to}",
            _ => "",
        };
        string id = packet.IpId is { } number ? string.Create(CultureInfo.InvariantCulture, $" id {number}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{devices}  {packet.Summary}{id} ttl {packet.Ttl} length {packet.Length}");
    }
}
