using System.Globalization;
using Weft.Events.Hops;
using Weft.Packets;

namespace Weft.Cli.Capture;

/// <summary>Packets as a section of a capture file: an interface for each device that one was seen at, its statistics at the end.</summary>
internal sealed class CaptureSection
{
    private const string Application = "weft capture";

    private readonly PcapngWriter _writer;
    private readonly CaptureNames _names;
    private readonly uint _snapLength;
    private readonly Dictionary<(string Place, bool IsEthernet), (uint Number, string Node)> _interfaces = [];
    private readonly List<ulong> _packets = [];
    private ulong _time;

    public CaptureSection(Stream output, CaptureNames names, int snapLength, bool numeric)
    {
        _writer = new PcapngWriter(output, Application);
        _names = names;
        _snapLength = (uint)snapLength;
        if (!numeric)
        {
            _writer.WriteNames(names.Addresses);
        }
    }

    public void Write(Sighting seen)
    {
        string place = $"{seen.Node}/{CaptureNames.PlaceOf(seen)}/{seen.Device ?? "-"}";
        if (!_interfaces.TryGetValue((place, seen.HasEthernet), out (uint Number, string Node) at))
        {
            at = (_writer.AddInterface(place, $"{seen.Device ?? "no device"} of {CaptureNames.PlaceOf(seen)} on {seen.Node}", seen.HasEthernet, _snapLength), seen.Node);
            _interfaces[(place, seen.HasEthernet)] = at;
            _packets.Add(0);
        }

        _packets[(int)at.Number]++;
        _time = Math.Max(_time, seen.UnixTime);
        _writer.WritePacket(at.Number, seen.UnixTime, seen.Bytes.Span, seen.Length, CommentOf(seen), CaptureNames.DirectionOf(seen));
    }

    /// <param name="lost">By node, while this section was written. What was lost is not known by device: it is told with the first of the node.</param>
    /// <param name="now">Nanoseconds since 1970, for a section without packets.</param>
    public void Finish(IReadOnlyDictionary<string, ulong> lost, ulong now)
    {
        foreach (string node in lost.Where(node => node.Value > 0).Select(node => node.Key).Except(_interfaces.Values.Select(at => at.Node)))
        {
            _interfaces[($"{node}/?/-", true)] = (_writer.AddInterface($"{node}/?/-", $"where packets of {node} were lost", isEthernet: true, _snapLength), node);
            _packets.Add(0);
        }

        HashSet<string> told = [];
        foreach ((uint number, string node) in _interfaces.Values.OrderBy(at => at.Number))
        {
            ulong dropped = told.Add(node) ? lost.GetValueOrDefault(node) : 0;
            _writer.WriteStatistics(
                number, _time == 0 ? now : _time, _packets[(int)number] + dropped, dropped,
                dropped > 0 ? string.Create(CultureInfo.InvariantCulture, $"{dropped} packets were lost on {node}, at any of its interfaces") : "");
        }
    }

    private string CommentOf(Sighting seen) => string.Join("; ", new[]
    {
        CaptureNames.PointOf(seen),
        CaptureNames.DropOf(seen) is { } drop ? $"dropped: {drop}" : "",
        _names.Describe(seen, numeric: false),
        seen.Process is { } process && seen.Point == Abi.HopPoint.Socket ? $"read by {process}" : "",
        seen.SegmentSize > 0 ? string.Create(CultureInfo.InvariantCulture, $"to be cut to segments of {seen.SegmentSize} bytes") : "",
    }.Where(part => part.Length > 0));
}
