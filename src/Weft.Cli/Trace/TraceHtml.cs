using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A trace as one page that needs nothing else: the way as a picture, then every hop, then what it comes to.</summary>
internal static class TraceHtml
{
    private const int LaneWidth = 210;
    private const int Step = 44;
    private const int Top = 56;
    private const int Left = 20;

    private const string Style = """
        body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; color: #1b1f24; background: #fff; }
        h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
        .verdict { padding: .8rem 1rem; border-left: 4px solid #1a7f37; background: #f0f7f1; } .verdict.bad { border-color: #cf222e; background: #fdf1f1; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; border-bottom: 1px solid #e4e7eb; }
        th { font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } tr.drop td { color: #cf222e; font-weight: 600; }
        code, td.m { font-family: ui-monospace, monospace; font-size: .85em; } .scroll { overflow-x: auto; }
        svg text { font: 12px system-ui, sans-serif; fill: #1b1f24; } svg .lane { fill: #f6f8fa; stroke: #d0d7de; } svg .hop { fill: #fff; stroke: #57606a; }
        svg .prog { fill: #ddf4ff; stroke: #0969da; } svg .end { fill: #dafbe1; stroke: #1a7f37; } svg .drop { fill: #ffebe9; stroke: #cf222e; } svg .way { fill: none; stroke: #8c959f; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3; } .verdict { background: #12261a; } .verdict.bad { background: #2d1214; } th, td { border-color: #30363d; } svg { background: #fff; } }
        """;

    public static string Write(TraceResult result)
    {
        StringBuilder page = new();
        string title = $"Trace of {result.Title}";
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(title)}</title><style>{Style}</style></head>\n<body><h1>{Text(title)}</h1>\n");
        bool isGood = result.Diagnosis.Outcome == TraceDiagnosis.Answered;
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict{(isGood ? "" : " bad")}\"><strong>{Text(result.Diagnosis.Outcome)}</strong>");
        if (result.Diagnosis.Culprit is { } culprit)
        {
            page.Append(CultureInfo.InvariantCulture, $" · {Text(culprit.Kind)}{(culprit.Node is { } node ? $" on {Text(node)}" : "")}");
        }

        page.Append(CultureInfo.InvariantCulture, $"<br>{Text(result.Diagnosis.Explanation)}{(result.Diagnosis.Advice is { } advice ? $"<br>{Text(advice)}" : "")}</div>\n");
        foreach (PacketWay way in result.Shown)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{TraceText.TitleOf(way.Direction)}: <code>{Text(way.Packet.ToString())}</code></h2>\n<div class=\"scroll\">");
            Draw(page, way);
            page.Append("</div>\n<div class=\"scroll\">");
            Tabulate(page, way);
            page.Append("</div>\n");
        }

        return page.Append("</body></html>\n").ToString();
    }

    /// <summary>A lane for every namespace, time downwards.</summary>
    private static void Draw(StringBuilder page, PacketWay way)
    {
        List<string> lanes = [.. way.Hops.Select(LaneOf).Distinct()];
        int width = Left + (lanes.Count * LaneWidth) + Left;
        int height = Top + (way.Hops.Count * Step) + 10;
        page.Append(CultureInfo.InvariantCulture, $"<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"the way of the packet\">");
        foreach ((string lane, int index) in lanes.Select((lane, index) => (lane, index)))
        {
            int x = Left + (index * LaneWidth);
            page.Append(CultureInfo.InvariantCulture, $"<rect class=\"lane\" x=\"{x}\" y=\"8\" width=\"{LaneWidth - 10}\" height=\"{height - 16}\" rx=\"6\"/><text x=\"{x + 10}\" y=\"30\" font-weight=\"600\">{Text(lane)}</text>");
        }

        string points = string.Join(' ', way.Hops.Select((hop, index) => string.Create(CultureInfo.InvariantCulture, $"{CentreOf(lanes, hop)},{Top + (index * Step) + 16}")));
        page.Append(CultureInfo.InvariantCulture, $"<polyline class=\"way\" points=\"{points}\"/>");
        foreach ((Hop hop, int index) in way.Hops.Select((hop, index) => (hop, index)))
        {
            int x = Left + (lanes.IndexOf(LaneOf(hop)) * LaneWidth) + 10;
            int y = Top + (index * Step);
            string kind = hop.IsDrop ? "drop" : hop.Kind is HopKind.Program ? "prog" : hop.Kind is HopKind.Socket or HopKind.Kernel ? "end" : "hop";
            string label = hop.Kind is HopKind.Send or HopKind.Receive ? $"{HopText.Device(hop)} {HopText.Point(hop)}" : HopText.Point(hop);
            string detail = HopText.Verdict(hop) is { Length: > 0 } verdict ? verdict : hop.Seen.Facts.Vni is { } vni ? string.Create(CultureInfo.InvariantCulture, $"vxlan {vni}") : "";
            page.Append(CultureInfo.InvariantCulture, $"<g><title>{Text(HopText.Changes(hop))}</title><rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{LaneWidth - 30}\" height=\"34\" rx=\"5\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{y + 15}\">{index + 1}. {Text(Short(label))}</text><text x=\"{x + 8}\" y=\"{y + 29}\" fill-opacity=\".7\">{Text(Short(detail))}</text></g>");
        }

        page.Append("</svg>");
    }

    private static void Tabulate(StringBuilder page, PacketWay way)
    {
        page.Append("<table><thead><tr><th class=\"n\">#</th><th class=\"n\">µs</th><th>node</th><th>namespace</th><th>device</th><th>point</th><th>identity</th><th>VNI</th><th>conntrack</th><th>verdict</th><th>changed</th></tr></thead><tbody>");
        foreach ((Hop hop, int index) in way.Hops.Select((hop, index) => (hop, index)))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr{(hop.IsDrop ? " class=\"drop\"" : "")}><td class=\"n\">{index + 1}</td><td class=\"n\">{(hop.Time - way.Hops[0].Time) / 1000.0:0.#}</td>");
            foreach (string cell in (string[])[hop.Seen.Node, HopText.Namespace(hop), HopText.Device(hop), HopText.Point(hop), HopText.Identity(hop), HopText.Vni(hop), HopText.Conntrack(hop), HopText.Verdict(hop), HopText.Changes(hop)])
            {
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"m\">{Text(cell)}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table>");
    }

    private static string LaneOf(Hop hop) => hop.Namespace is { Length: > 0 } pod ? $"{hop.Seen.Node}: {pod}" : $"{hop.Seen.Node}: node";

    private static int CentreOf(List<string> lanes, Hop hop) => Left + (lanes.IndexOf(LaneOf(hop)) * LaneWidth) + ((LaneWidth - 10) / 2);

    private static string Short(string text) => text.Length <= 26 ? text : $"{text[..25]}…";

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
