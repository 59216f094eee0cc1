using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The fields of each kind of event.</content>
public sealed partial class EventJsonFormatter
{
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
