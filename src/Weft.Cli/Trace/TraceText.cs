using System.Globalization;
using Weft.Cli.Output;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A trace as a table for people.</summary>
internal static class TraceText
{
    public static void Write(TextWriter output, TraceResult result)
    {
        output.WriteLine($"Trace of {result.Title}");
        foreach (PacketWay way in result.Shown)
        {
            output.WriteLine();
            output.WriteLine($"{TitleOf(way.Direction)}: {way.Packet}");
            WriteHops(output, way);
        }

        output.WriteLine();
        output.WriteLine($"{result.Diagnosis.Outcome.ToUpperInvariant()}{(result.RoundTrip is { } time ? string.Create(CultureInfo.InvariantCulture, $" after {time.TotalMicroseconds:0} us") : "")}"
            + (result.Diagnosis.Culprit is { } culprit ? $", culprit: {culprit.Kind}{(culprit.Node is { } node ? $" on {node}" : "")}" : ""));
        output.WriteLine(result.Diagnosis.Explanation);
        if (result.Diagnosis.Advice is { } advice)
        {
            output.WriteLine(advice);
        }

        if (result.Clocks.Uncertainty > TimeSpan.Zero && result.Clocks.Uncertainty != TimeSpan.MaxValue)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The nodes' clocks are aligned to within {result.Clocks.Uncertainty.TotalMicroseconds:0} us."));
        }
    }

    public static string TitleOf(WayDirection direction) => direction switch
    {
        WayDirection.Request => "Request",
        WayDirection.Reply => "Reply",
        WayDirection.ErrorAboutRequest => "Error about the request",
        _ => "Error about the reply",
    };

    private static void WriteHops(TextWriter output, PacketWay way)
    {
        TextTable table = new(indent: 2);
        table.Add("#", "US", "NODE", "NAMESPACE", "DEVICE", "POINT", "IDENTITY", "VNI", "CT", "VERDICT", "CHANGED");
        long before = way.Hops[0].Time;
        foreach ((Hop hop, int index) in way.Hops.Select((hop, index) => (hop, index)))
        {
            table.Add(
                (index + 1).ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"+{(hop.Time - before) / 1000.0:0.#}"),
                hop.Seen.Node,
                HopText.Namespace(hop),
                HopText.Device(hop),
                HopText.Point(hop),
                HopText.Identity(hop),
                HopText.Vni(hop),
                HopText.Conntrack(hop),
                HopText.Verdict(hop),
                HopText.Changes(hop));
            before = hop.Time;
        }

        table.Write(output);
    }
}
