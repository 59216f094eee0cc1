using Weft.Events.Hops;
using Weft.Packets;

namespace Weft.Cli.Trace;

/// <summary>A trace as a capture file: an interface for every hop, and with each packet what was decided about it.</summary>
internal static class TracePcapng
{
    private const string Application = "weft trace";

    /// <param name="now">When the trace began; the hops' times count from there.</param>
    public static byte[] Write(TraceResult result, DateTimeOffset now)
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, Application);
        ulong begin = (ulong)now.ToUnixTimeMilliseconds() * 1_000_000;
        foreach (PacketWay way in result.Shown)
        {
            foreach (Hop hop in way.Hops)
            {
                string place = $"{hop.Seen.Node}/{HopText.Namespace(hop)}/{HopText.Device(hop)}";
                uint number = writer.AddInterface(place, $"{HopText.Point(hop)} on {hop.Seen.Node}", hop.Seen.HasEthernet);
                writer.WritePacket(number, begin + (ulong)Math.Max(hop.Time, 0), hop.Seen.Bytes.Span, Math.Max(hop.Seen.Length, (uint)hop.Seen.Bytes.Length), CommentOf(way, hop));
            }
        }

        return file.ToArray();
    }

    private static string CommentOf(PacketWay way, Hop hop) => string.Join("; ", new[]
    {
        TraceText.TitleOf(way.Direction).ToLowerInvariant(),
        HopText.Point(hop),
        HopText.Verdict(hop),
        HopText.Identity(hop) is { Length: > 0 } identity ? $"identity {identity}" : "",
        HopText.Conntrack(hop) is { Length: > 0 } state ? $"conntrack {state}" : "",
        HopText.Changes(hop),
    }.Where(part => part.Length > 0));
}
