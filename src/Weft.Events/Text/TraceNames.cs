using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>Words for trace points and states, as users of Cilium know them.</summary>
public static class TraceNames
{
    public static string Point(TracePoint point) => point switch
    {
        TracePoint.ToEndpoint => "to-endpoint",
        TracePoint.ToProxy => "to-proxy",
        TracePoint.ToHost => "to-host",
        TracePoint.ToStack => "to-stack",
        TracePoint.ToOverlay => "to-overlay",
        TracePoint.FromEndpoint => "from-endpoint",
        TracePoint.FromProxy => "from-proxy",
        TracePoint.FromHost => "from-host",
        TracePoint.FromStack => "from-stack",
        TracePoint.FromOverlay => "from-overlay",
        TracePoint.FromNetwork => "from-network",
        TracePoint.ToNetwork => "to-network",
        _ => "unknown",
    };

    public static string State(ConntrackState state) => state switch
    {
        ConntrackState.New => "new",
        ConntrackState.Established => "established",
        ConntrackState.Reply => "reply",
        ConntrackState.Related => "related",
        ConntrackState.Reopened => "reopened",
        _ => "unknown",
    };

    /// <summary><c>-> endpoint 3663</c>, <c>&lt;- overlay</c>: which way the packet goes, seen from the datapath.</summary>
    public static void WriteDirection(in EventRecord record, Utf8Output text)
    {
        TraceRecord trace = record.Trace;
        var point = (TracePoint)trace.Header.Subtype;
        text.Write(point switch
        {
            TracePoint.ToEndpoint => "-> endpoint "u8,
            TracePoint.ToProxy => "-> proxy"u8,
            TracePoint.ToHost => "-> host from"u8,
            TracePoint.ToStack => "-> stack"u8,
            TracePoint.ToOverlay => "-> overlay"u8,
            TracePoint.FromEndpoint => "<- endpoint "u8,
            TracePoint.FromProxy => "<- proxy"u8,
            TracePoint.FromHost => "<- host"u8,
            TracePoint.FromStack => "<- stack"u8,
            TracePoint.FromOverlay => "<- overlay"u8,
            TracePoint.FromNetwork => "<- network"u8,
            TracePoint.ToNetwork => "-> network"u8,
            _ => "?? point "u8,
        });
        switch (point)
        {
            case TracePoint.ToEndpoint:
                text.Write(trace.DstId, default);
                break;
            case TracePoint.FromEndpoint:
                text.Write(trace.Header.Source, default);
                break;
            case > TracePoint.ToNetwork:
                text.Write((byte)point, default);
                break;
        }
    }
}
