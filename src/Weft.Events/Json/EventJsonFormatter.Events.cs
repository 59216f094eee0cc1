using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The fields of each kind of event.</content>
public sealed partial class EventJsonFormatter
{
    private const string PolicyType = "policy-verdict";

    private void WriteDrop(in EventRecord record)
    {
        DropRecord drop = record.Drop;
        _json.WriteString("type"u8, "drop"u8);
        WriteMark(record);
        _json.WriteString("reason"u8, DropReasons.Text((DropReason)drop.Header.Subtype));
        _json.WriteNumber("reasonCode"u8, drop.Header.Subtype);
        WriteSource(record, drop.LenOrig);
        WriteLabels(drop.SrcIdentity, drop.DstIdentity, drop.DstId);
        _json.WriteNumber("Line"u8, drop.Line);
        _json.WriteNumber("File"u8, (byte)drop.File);
        _json.WriteString("fileName"u8, SourceFiles.Name(drop.File));
        _json.WriteNumber("ExtError"u8, drop.ExtError);
        _json.WriteNumber("Ifindex"u8, drop.IfIndex);
        WriteInterface("interface"u8, drop.IfIndex);
        WritePacket(record);
    }

    private void WriteDebug(in EventRecord record)
    {
        _json.WriteString("type"u8, "debug"u8);
        WriteMark(record);
        DebugText.Write(record.Debug, Scratch);
        WriteScratch("message"u8);
        _json.WriteNumber("source"u8, record.Header.Source);
    }

    private void WriteTrace(in EventRecord record)
    {
        TraceRecord trace = record.Trace;
        _json.WriteString("type"u8, "trace"u8);
        WriteMark(record);
        WriteInterface("ifindex"u8, trace.IfIndex);
        _json.WriteString("state"u8, TraceNames.State(trace.Reason));
        _json.WriteString("observationPoint"u8, TraceNames.Point((TracePoint)trace.Header.Subtype));
        TraceNames.WriteDirection(record, Scratch);
        WriteScratch("traceSummary"u8);
        WriteSource(record, trace.LenOrig);
        if (!trace.OrigAddr.IsNone)
        {
            Span<byte> address = stackalloc byte[WeftAddress.Size];
            trace.OrigAddr.CopyTo(address);
            if (trace.OrigAddr.IsIPv4)
            {
                Scratch.Write($"{IPv4Address.Read(address[12..])}");
            }
            else
            {
                Scratch.Write($"{IPv6Address.Read(address)}");
            }

            WriteScratch("origIP"u8);
        }

        WriteLabels(trace.SrcIdentity, trace.DstIdentity, trace.DstId);
        WritePacket(record);
    }

    private void WriteCapture(in EventRecord record)
    {
        CaptureRecord capture = record.Capture;
        _json.WriteString("type"u8, "capture"u8);
        WriteMark(record);
        Utf8Output message = Scratch;
        message.Write("Delivery to ifindex "u8);
        _names.WriteInterface(capture.Arg1, message);
        WriteScratch("message"u8);
        Utf8Output prefix = Scratch;
        prefix.Write("-> "u8);
        _names.WriteInterface(capture.Arg1, prefix);
        WriteScratch("prefix"u8);
        WriteSource(record, capture.LenOrig);
        PacketSummary.Write(record.Layers(_names.TunnelPort), Scratch);
        WriteScratch("summary"u8);
    }

    private void WritePolicy(in EventRecord record)
    {
        PolicyRecord verdict = record.Policy;
        _json.WriteString("type"u8, PolicyType);
        WriteMark(record);
        WriteVerdict(verdict);
        _json.WriteNumber("proto"u8, verdict.Proto);
        _json.WriteNumber("port"u8, verdict.Port);
        _json.WriteNumber("remoteLabel"u8, verdict.Peer);
        WriteSource(record, verdict.LenOrig);
        WriteInterface("interface"u8, verdict.IfIndex);
        WritePacket(record);
    }

    private void WriteVerdict(in PolicyRecord verdict)
    {
        _json.WriteString("direction"u8, PolicyNames.Direction(verdict));
        _json.WriteString("action"u8, PolicyNames.Action(verdict));
        _json.WriteString("match"u8, PolicyNames.Match(verdict));
        if (verdict.Rule != 0)
        {
            Scratch.Write($"0x{verdict.Rule:x8}");
            WriteScratch("rule"u8);
        }

        if (_names.Rules.Find(verdict.Rule) is { } name)
        {
            _json.WriteString("ruleName"u8, name);
        }

        _json.WriteBoolean("revised"u8, (verdict.Flags & PolicyEventFlags.Revised) != 0);
    }

    private void WriteLabels(uint source, uint destination, ushort destinationId)
    {
        _json.WriteNumber("srcLabel"u8, source);
        _json.WriteNumber("dstLabel"u8, destination);
        _json.WriteNumber("dstID"u8, destinationId);
    }

    private void WriteInterface(ReadOnlySpan<byte> name, uint index)
    {
        _names.WriteInterface(index, Scratch);
        WriteScratch(name);
    }
}
