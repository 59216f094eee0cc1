using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The header line of an event in front of the packet's layers, with <c>-vv</c>.</content>
public sealed partial class EventTextFormatter
{
    private void WriteHeader(in EventRecord record, Utf8Output text)
    {
        WriteOrigin(record, text);
        switch (record.Type)
        {
            case EventType.Drop:
                WriteDropHeader(record.Drop, text);
                break;
            case EventType.Trace:
                WriteTraceHeader(record.Trace, text);
                break;
            case EventType.Policy:
                WritePolicyHeader(record.Policy, text);
                break;
            default:
                text.Write($"DEBUG: {record.Capture.LenOrig} bytes, Delivery to ifindex ");
                names.WriteInterface(record.Capture.Arg1, text);
                break;
        }

        text.Write($", flow 0x{record.Header.Hash:x}\n");
        if (record.Type == EventType.Policy)
        {
            WriteLine(record, text);
        }
    }

    private void WriteDropHeader(in DropRecord drop, Utf8Output text)
    {
        text.Write($"DROP: {drop.LenOrig} bytes, reason {DropReasons.Text((DropReason)drop.Header.Subtype)}");
        if (drop.ExtError != 0)
        {
            text.Write($", errno {-drop.ExtError}");
        }

        if ((drop.SrcIdentity | drop.DstIdentity) != 0)
        {
            WriteIdentities(drop.SrcIdentity, drop.DstIdentity, text);
        }

        if (drop.DstId != 0)
        {
            text.Write($", to endpoint {drop.DstId}");
        }

        text.Write(", interface "u8);
        names.WriteInterface(drop.IfIndex, text);
        text.Write($", file {SourceFiles.Name(drop.File)}:{drop.Line}");
    }

    /// <summary>The verdict itself is the line that follows, the same at every verbosity.</summary>
    private void WritePolicyHeader(in PolicyRecord verdict, Utf8Output text)
    {
        text.Write($"POLICY VERDICT: {verdict.LenOrig} bytes ({verdict.LenCap} captured), interface ");
        names.WriteInterface(verdict.IfIndex, text);
    }

    private void WriteTraceHeader(in TraceRecord trace, Utf8Output text)
    {
        text.Write($"{TraceNames.Point((TracePoint)trace.Header.Subtype)}: {trace.LenOrig} bytes ({trace.LenCap} captured), ");
        text.Write($"state {TraceNames.State(trace.Reason)}");
        if (trace.IfIndex != 0)
        {
            text.Write(", interface "u8);
            names.WriteInterface(trace.IfIndex, text);
        }

        if ((trace.SrcIdentity | trace.DstIdentity) != 0)
        {
            text.Write(", "u8);
            WriteIdentities(trace.SrcIdentity, trace.DstIdentity, text);
        }

        text.Write(", "u8);
        WriteOriginalAddress(trace, text);
        if (trace.DstId != 0)
        {
            text.Write($", to endpoint {trace.DstId}");
        }
    }
}
