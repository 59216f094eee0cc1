using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The line that a packet's summary ends, without <c>-vv</c>.</content>
public sealed partial class EventTextFormatter
{
    private void WriteInfo(in EventRecord record, Utf8Output text)
    {
        switch (record.Type)
        {
            case EventType.Drop:
                WriteDropInfo(record, text);
                break;
            case EventType.Trace:
                WriteTraceInfo(record, text);
                break;
            default:
                text.Write("-> "u8);
                names.WriteInterface(record.Capture.Arg1, text);
                text.Write(": "u8);
                break;
        }
    }

    /// <summary>The empty item before "identity" is in the lines that users know.</summary>
    private void WriteDropInfo(in EventRecord record, Utf8Output text)
    {
        DropRecord drop = record.Drop;
        text.Write($"xx drop ({DropReasons.Text((DropReason)drop.Header.Subtype)}");
        if (drop.ExtError != 0)
        {
            text.Write($", errno {-drop.ExtError}");
        }

        text.Write($") flow 0x{drop.Header.Hash:x} to endpoint {drop.DstId}, ifindex ");
        names.WriteInterface(drop.IfIndex, text);
        text.Write($", file {SourceFiles.Name(drop.File)}:{drop.Line}, ");
        WriteIdentities(drop.SrcIdentity, drop.DstIdentity, text);
        text.Write(": "u8);
    }

    private void WriteTraceInfo(in EventRecord record, Utf8Output text)
    {
        TraceRecord trace = record.Trace;
        TraceNames.WriteDirection(record, text);
        text.Write($" flow 0x{trace.Header.Hash:x} ");
        WriteIdentities(trace.SrcIdentity, trace.DstIdentity, text);
        text.Write($" state {TraceNames.State(trace.Reason)} ifindex ");
        names.WriteInterface(trace.IfIndex, text);
        text.Write(" "u8);
        WriteOriginalAddress(trace, text);
        text.Write(": "u8);
    }
}
