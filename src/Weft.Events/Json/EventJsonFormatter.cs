using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>One JSON object a line, with the field names of <c>cilium monitor --json</c> and some more; docs/reference/events.md lists them.</summary>
public sealed partial class EventJsonFormatter : IEventFormatter, IDisposable
{
    private readonly EventNames _names;
    private readonly EventClock _clock;
    private readonly ArrayBufferWriter<byte> _scratch = new(1024);
    private readonly Utf8JsonWriter _json;

    public EventJsonFormatter(EventNames names, EventClock clock)
    {
        _names = names;
        _clock = clock;

        // The output is read by programs, not by browsers: "->" stays readable.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
        _json = new Utf8JsonWriter(_scratch, options);
    }

    /// <summary>The packet's bytes in hexadecimal, as <c>packet</c>.</summary>
    public bool Hex { get; init; }

    /// <summary>A place to compose a string that goes into the document.</summary>
    private Utf8Output Scratch
    {
        get
        {
            _scratch.ResetWrittenCount();
            return new Utf8Output(_scratch);
        }
    }

    public void Dispose() => _json.Dispose();

    public void Write(in EventRecord record, IBufferWriter<byte> output)
    {
        Begin(output);
        EventHeader header = record.Header;
        Scratch.Write($"CPU {header.Cpu:00}:");
        WriteScratch("cpu"u8);
        switch (record.Type)
        {
            case EventType.Drop:
                WriteDrop(record);
                break;
            case EventType.Debug:
                WriteDebug(record);
                break;
            case EventType.Trace:
                WriteTrace(record);
                break;
            case EventType.Capture:
                WriteCapture(record);
                break;
            case EventType.Policy:
                WritePolicy(record);
                break;
            default:
                _json.WriteString("type"u8, "unknown"u8);
                _json.WriteNumber("eventType"u8, (byte)record.Type);
                break;
        }

        if (Hex && !record.Packet.IsEmpty)
        {
            Scratch.WriteHex(record.Packet);
            WriteScratch("packet"u8);
        }

        Scratch.Write($"0x{header.Hash:x}");
        WriteScratch("flow"u8);
        _json.WriteString("time"u8, _clock.ToUtc(header.Time).UtcDateTime);
        End(output);
    }

    public void WriteNotice(AgentNotice notice, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(notice);
        Begin(output);
        _json.WriteString("type"u8, "agent"u8);
        _json.WriteString("subtype"u8, notice.What);
        _json.WritePropertyName("message"u8);
        _json.WriteRawValue(notice.Message.ToString());
        _json.WriteString("time"u8, notice.Time.UtcDateTime);
        End(output);
    }

    public void WriteFolded(FoldedEvents folded, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(folded);
        _ = EventRecord.TryParse(folded.Sample.Span, out EventRecord sample);
        Begin(output);
        _json.WriteString("type"u8, "folded"u8);
        _json.WriteNumber("count"u8, folded.Count);
        _json.WriteNumber("bytes"u8, folded.Bytes);
        _json.WriteString("since"u8, _clock.ToUtc(folded.First).UtcDateTime);
        _json.WriteString("time"u8, _clock.ToUtc(folded.Last).UtcDateTime);
        if (sample.Type == EventType.Trace)
        {
            _json.WriteString("observationPoint"u8, TraceNames.Point((TracePoint)sample.Header.Subtype));
        }
        else if (sample.Type == EventType.Policy)
        {
            WriteVerdict(sample.Policy);
        }

        if (sample.Type != EventType.Debug)
        {
            PacketSummary.Write(sample.Layers(_names.TunnelPort), Scratch);
            WriteScratch("summary"u8);
        }

        _json.WriteString("of"u8, sample.Type == EventType.Policy ? PolicyType : sample.Type.ToString().ToLowerInvariant());
        End(output);
    }

    public void WriteLost(ulong count, LostCause cause, IBufferWriter<byte> output)
    {
        Begin(output);
        _json.WriteString("type"u8, "lost"u8);
        _json.WriteNumber("count"u8, count);
        _json.WriteString("cause"u8, cause == LostCause.RingFull ? "ring-full"u8 : "client-slow"u8);
        End(output);
    }

    private void Begin(IBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
    }

    private void End(IBufferWriter<byte> output)
    {
        if (_names.Node is string node)
        {
            _json.WriteString("node"u8, node);
        }

        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    private void WriteScratch(ReadOnlySpan<byte> name) => _json.WriteString(name, _scratch.WrittenSpan);

    private void WriteMark(in EventRecord record)
    {
        Scratch.Write($"0x{record.Header.Mark:x}");
        WriteScratch("mark"u8);
    }

    private void WriteSource(in EventRecord record, uint length)
    {
        _json.WriteNumber("source"u8, record.Header.Source);
        _json.WriteNumber("bytes"u8, length);
        if (record.Packet.Length < length)
        {
            _json.WriteNumber("captured"u8, record.Packet.Length);
        }
    }
}
