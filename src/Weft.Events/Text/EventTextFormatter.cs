using System.Buffers;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>Text as <c>cilium monitor</c> prints it; docs/design/events.md says what differs and why.</summary>
public sealed partial class EventTextFormatter(EventNames names, EventVerbosity verbosity) : IEventFormatter
{
    /// <summary>Begins every event with the time of day when given.</summary>
    public EventClock? Clock { get; init; }

    /// <summary>The packet's bytes: beside its summary; with <see cref="EventVerbosity.Layers"/> in place of its layers.</summary>
    public bool Hex { get; init; }

    private static ReadOnlySpan<byte> Separator =>
        "------------------------------------------------------------------------------\n"u8;

    /// <summary>What is printed before the first event.</summary>
    public static void WriteBanner(MonitorNames stream, IBufferWriter<byte> output)
    {
        const int page = 4096;
        new Utf8Output(output).Write(
            $"Listening for events on {stream.Cpus} CPUs with {stream.RingBytes / page}x{page} of shared memory\nPress Ctrl-C to quit\n");
    }

    public void Write(in EventRecord record, IBufferWriter<byte> output)
    {
        var text = new Utf8Output(output);
        switch (record.Type)
        {
            case EventType.Debug when verbosity == EventVerbosity.Info:
                break;
            case EventType.Debug:
                WriteTime(record, text);
                WriteDebug(record, text);
                break;
            case EventType.Drop or EventType.Trace or EventType.Capture or EventType.Policy when verbosity == EventVerbosity.Layers:
                text.Write(Separator);
                WriteTime(record, text);
                WriteHeader(record, text);
                if (Hex)
                {
                    WriteHex(record, text);
                }
                else
                {
                    LayerText.WriteAll(record.Layers(names.TunnelPort), text);
                }

                break;
            case EventType.Drop or EventType.Trace or EventType.Capture or EventType.Policy:
                WriteTime(record, text);
                WriteLine(record, text);
                if (Hex)
                {
                    WriteHex(record, text);
                }

                break;
            default:
                WriteTime(record, text);
                WriteOrigin(record, text);
                text.Write($"unknown event type {(byte)record.Type}, subtype {record.Header.Subtype}\n");
                break;
        }
    }

    public void WriteNotice(AgentNotice notice, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var text = new Utf8Output(output);
        if (Clock is not null)
        {
            text.Write($"{notice.Time.ToUniversalTime():yyyy-MM-ddTHH:mm:ss.ffffffZ} ");
        }

        text.Write($">> {notice.What}: {notice.Message.ToString()}\n");
    }

    public void WriteFolded(FoldedEvents folded, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(folded);
        const double second = 1e9;
        var text = new Utf8Output(output);
        _ = EventRecord.TryParse(folded.Sample.Span, out EventRecord sample);
        WriteTime(sample, text);
        text.Write($"++ {folded.Count} more in {(folded.Last - folded.First) / second:0.0} s");
        if (sample.Type == EventType.Debug)
        {
            text.Write(", debug messages about them\n"u8);
            return;
        }

        text.Write($" ({folded.Bytes} bytes), last: ");
        WriteLine(sample, text);
    }

    public void WriteLost(ulong count, LostCause cause, IBufferWriter<byte> output)
    {
        string why = cause == LostCause.RingFull
            ? "the ring buffer was full, the agent did not read fast enough"
            : "this client did not read fast enough";
        new Utf8Output(output).Write($"Lost {count} events: {why}\n");
    }

    private void WriteTime(in EventRecord record, Utf8Output text)
    {
        if (Clock is not null)
        {
            text.Write($"{Clock.ToUtc(record.Header.Time):yyyy-MM-ddTHH:mm:ss.ffffffZ} ");
        }
    }

    /// <summary><c>CPU 05: MARK 0x0 FROM 3663 </c></summary>
    private static void WriteOrigin(in EventRecord record, Utf8Output text)
    {
        EventHeader header = record.Header;
        text.Write($"CPU {header.Cpu:00}: MARK 0x{header.Mark:x} FROM {header.Source} ");
    }

    private static void WriteDebug(in EventRecord record, Utf8Output text)
    {
        WriteOrigin(record, text);
        text.Write("DEBUG: "u8);
        DebugText.Write(record.Debug, text);
        text.Write("\n"u8);
    }

    private void WriteIdentities(uint source, uint destination, Utf8Output text)
    {
        text.Write(", identity "u8);
        names.WriteIdentity(source, text);
        text.Write("->"u8);
        names.WriteIdentity(destination, text);
    }

    /// <summary>The source before translation; all zero, as users know it, where there was none.</summary>
    private static void WriteOriginalAddress(in TraceRecord trace, Utf8Output text)
    {
        Span<byte> bytes = stackalloc byte[WeftAddress.Size];
        trace.OrigAddr.CopyTo(bytes);
        if (trace.OrigAddr.IsIPv4 || (trace.OrigAddr.IsNone && (trace.Flags & TraceFlags.IPv6) == 0))
        {
            text.Write($"orig-ip {IPv4Address.Read(bytes[12..])}");
        }
        else
        {
            text.Write($"orig-ip {IPv6Address.Read(bytes)}");
        }
    }
}
