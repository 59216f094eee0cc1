using System.Buffers;
using System.Globalization;
using System.Text;
using Weft.Cli.Hosting;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Cli.Capture;

/// <summary>A line for each packet.</summary>
internal sealed class CaptureText(Invocation invocation, CaptureNames names, CaptureTextOptions options) : ICaptureWriter
{
    private const int HexColumns = 16;

    private readonly ArrayBufferWriter<byte> _scratch = new();

    public void Write(Sighting seen)
    {
        TextWriter output = invocation.Output;
        output.WriteLine(Line(seen));
        if (options.Verbosity > 1)
        {
            _scratch.ResetWrittenCount();
            LayerText.WriteAll(CapturePacket.LayersOf(seen), new Utf8Output(_scratch));
            output.Write(Encoding.UTF8.GetString(_scratch.WrittenSpan));
        }

        if (options.Hex || options.Characters)
        {
            WriteHex(output, seen);
        }
    }

    public Task FlushAsync() => invocation.Output.FlushAsync();

    public Task FinishAsync(IReadOnlyDictionary<string, ulong> lost) => FlushAsync();

    public void Dispose()
    {
    }

    private string Line(Sighting seen)
    {
        DateTimeOffset time = TimeZoneInfo.ConvertTime(CapturePacket.TimeOf(seen), invocation.Clock.LocalTimeZone);
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{time:HH:mm:ss.ffffff} {seen.Node} {CaptureNames.PlaceOf(seen)} {seen.Device ?? "-"} {Direction(seen)} ");
        if (options.Link && seen.Facts is { SourceMac: { } source, DestinationMac: { } destination })
        {
            line.Append(CultureInfo.InvariantCulture, $"{source} > {destination}, ");
        }

        line.Append(CapturePacket.SummaryOf(seen, _scratch)).Append(CultureInfo.InvariantCulture, $", length {seen.Length}");
        if (options.Verbosity == 1)
        {
            Details(line, seen.Facts);
        }

        if (seen.SegmentSize > 0)
        {
            line.Append(CultureInfo.InvariantCulture, $", to be cut to {seen.SegmentSize}");
        }

        if (names.Describe(seen, options.Numeric) is { Length: > 0 } known)
        {
            line.Append(CultureInfo.InvariantCulture, $" ({known})");
        }

        return line.ToString();
    }

    private string Direction(Sighting seen)
    {
        string word = CaptureNames.DropOf(seen) is { } drop ? $"Drop {drop}:" : CaptureNames.DirectionOf(seen) switch
        {
            PcapngDirection.Outbound => "Out",
            PcapngDirection.Inbound => "In",
            _ => "At",
        };
        return options.Point ? $"{word} [{CaptureNames.PointOf(seen)}]" : word;
    }

    private static void Details(StringBuilder line, PacketFacts facts)
    {
        (string Name, object? Value)[] details =
        [
            ("ttl", facts.Ttl), ("id", facts.Id), ("seq", facts.TcpSequence ?? (object?)facts.EchoSequence), ("ack", facts.TcpAcknowledgment),
        ];
        foreach ((string name, object? value) in details.Where(detail => detail.Value is not null))
        {
            line.Append(CultureInfo.InvariantCulture, $", {name} {value}");
        }
    }

    private void WriteHex(TextWriter output, Sighting seen)
    {
        ReadOnlySpan<byte> bytes = seen.Bytes.Span[(seen.HasEthernet && !options.Link ? Math.Min(EthernetHeader.Size, seen.Bytes.Length) : 0)..];
        for (int at = 0; at < bytes.Length; at += HexColumns)
        {
            ReadOnlySpan<byte> row = bytes[at..Math.Min(at + HexColumns, bytes.Length)];
            StringBuilder line = new();
            for (int index = 0; index < row.Length; index++)
            {
                line.Append(index > 0 && index % 2 == 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{row[index]:x2}");
            }

            string text = options.Characters ? $"  {string.Concat(row.ToArray().Select(value => value is >= 0x20 and < 0x7f ? (char)value : '.'))}" : "";
            output.WriteLine($"\t0x{at:x4}:  {(options.Characters ? line.ToString().PadRight(39) : line)}{text}");
        }
    }
}
