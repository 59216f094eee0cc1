using System.Buffers;
using System.Globalization;
using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>A packet as an object of JSON.</summary>
internal sealed record CaptureLine
{
    public required string Time { get; init; }

    public required string Node { get; init; }

    /// <summary>Absent: seen in the node's own namespace.</summary>
    public string? Pod { get; init; }

    public string? Interface { get; init; }

    public string? Direction { get; init; }

    public required string Point { get; init; }

    public required string Summary { get; init; }

    public required uint Length { get; init; }

    public required int Captured { get; init; }

    public string? Protocol { get; init; }

    public string? Source { get; init; }

    public int? SourcePort { get; init; }

    /// <summary>Name of the source.</summary>
    public string? From { get; init; }

    public string? Destination { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>Name of the destination.</summary>
    public string? To { get; init; }

    /// <summary>Of the sender.</summary>
    public long? Identity { get; init; }

    public uint? Vni { get; init; }

    public string? Drop { get; init; }

    public string? Process { get; init; }

    /// <summary>In hexadecimal, where -x or -X asks for it.</summary>
    public string? Bytes { get; init; }

    public static CaptureLine Of(Sighting seen, CaptureNames names, CaptureTextOptions options, ArrayBufferWriter<byte> scratch) => new()
    {
        Time = CapturePacket.TimeOf(seen).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        Node = seen.Node,
        Pod = seen.Namespace is { Length: > 0 } pod ? pod : null,
        Interface = seen.Device,
        Direction = CaptureNames.DirectionOf(seen) switch
        {
            Packets.PcapngDirection.Inbound => "in",
            Packets.PcapngDirection.Outbound => "out",
            _ => null,
        },
        Point = CaptureNames.PointOf(seen),
        Summary = CapturePacket.SummaryOf(seen, scratch),
        Length = seen.Length,
        Captured = seen.Bytes.Length,
        Protocol = seen.Facts.Protocol?.ToString().ToLowerInvariant(),
        Source = seen.Facts.Source?.ToString(),
        SourcePort = seen.Facts.SourcePort,
        From = options.Numeric ? null : names.NameOf(seen.Facts.Source),
        Destination = seen.Facts.Destination?.ToString(),
        DestinationPort = seen.Facts.DestinationPort,
        To = options.Numeric ? null : names.NameOf(seen.Facts.Destination),
        Identity = names.IdentityOf(seen),
        Vni = seen.Facts.Vni,
        Drop = CaptureNames.DropOf(seen),
        Process = seen.Process,
        Bytes = options.Hex || options.Characters ? Convert.ToHexStringLower(seen.Bytes.Span) : null,
    };
}
