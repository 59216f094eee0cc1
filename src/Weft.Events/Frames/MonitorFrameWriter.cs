using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Weft.Events;

/// <summary>Writes the frames of a monitor stream; flushing is up to the owner of the buffer.</summary>
public sealed class MonitorFrameWriter(IBufferWriter<byte> output)
{
    public void WriteRecord(ReadOnlySpan<byte> record) => Write(MonitorFrameKind.Record, record);

    public void WriteLost(ulong count, LostCause cause)
    {
        Span<byte> payload = stackalloc byte[MonitorFrame.LostSize];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, count);
        payload[8] = (byte)cause;
        Write(MonitorFrameKind.Lost, payload);
    }

    public void WriteNames(MonitorNames names) => Write(MonitorFrameKind.Names, names.ToJson());

    public void WriteNotice(AgentNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        Write(MonitorFrameKind.Notice, notice.ToJson());
    }

    public void WriteRule(RuleName rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Write(MonitorFrameKind.Rule, rule.ToJson());
    }

    public void WriteHop(ReadOnlySpan<byte> record) => Write(MonitorFrameKind.Hop, record);

    public void WriteTracing(TracingNames names) => Write(MonitorFrameKind.Tracing, names.ToJson());

    public void WriteFunctions(TracedFunctions functions) => Write(MonitorFrameKind.Functions, functions.ToJson());

    /// <param name="names">By address.</param>
    public void WriteSymbols(IReadOnlyDictionary<ulong, string> names) => Write(
        MonitorFrameKind.Symbols,
        JsonSerializer.SerializeToUtf8Bytes(
            names.ToDictionary(pair => pair.Key.ToString("x", CultureInfo.InvariantCulture), pair => pair.Value), MonitorJson.Default.Symbols));

    private void Write(MonitorFrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MonitorFrame.MaxPayload)
        {
            throw new ArgumentException($"a monitor frame takes {MonitorFrame.MaxPayload} bytes, not {payload.Length}", nameof(payload));
        }

        Span<byte> frame = output.GetSpan(MonitorFrame.HeaderSize + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], (byte)kind);
        payload.CopyTo(frame[MonitorFrame.HeaderSize..]);
        output.Advance(MonitorFrame.HeaderSize + payload.Length);
    }
}
