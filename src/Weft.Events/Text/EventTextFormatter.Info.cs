using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The line of a packet's summary and what is told of it, without <c>-vv</c>; of a policy verdict always.</content>
public sealed partial class EventTextFormatter
{
    private void WriteLine(in EventRecord record, Utf8Output text)
    {
        WriteInfo(record, text);
        PacketSummary.Write(record.Layers(names.TunnelPort), text);
        if (record.Type == EventType.Policy)
        {
            text.Write(", "u8);
            PolicyNames.WriteReason(record.Policy, names, text);
        }

        text.Write("\n"u8);
    }

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
            case EventType.Policy:
                WritePolicyInfo(record.Policy, text);
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

    /// <summary>Nothing authenticates peers, which the line that users know says too.</summary>
    private void WritePolicyInfo(in PolicyRecord verdict, Utf8Output text)
    {
        text.Write($"Policy verdict log: flow 0x{verdict.Header.Hash:x} local EP ID {verdict.Header.Source}, remote ID ");
        names.WriteIdentity(verdict.Peer, text);
        text.Write($", proto {verdict.Proto}, {PolicyNames.Direction(verdict)}, action {PolicyNames.Action(verdict)}");
        text.Write($", auth: disabled, match {PolicyNames.Match(verdict)}, ");
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
