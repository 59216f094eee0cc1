using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Events on and off: for all, for one endpoint, and less of them for busy flows.</summary>
public sealed class EventSwitchTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    /// <summary>Each leaves more than a thousand bytes of events in a ring of 1 MiB.</summary>
    private const int RunsThatFillTheRing = 1100;

    [KernelTheory]
    [InlineData(EventMask.None)]
    [InlineData(EventMask.Drop)]
    [InlineData(EventMask.Debug)]
    [InlineData(EventMask.Trace)]
    [InlineData(EventMask.Capture)]
    public void Only_what_is_asked_for_is_told(EventMask mask)
    {
        Datapath.Runtime.Events = mask;
        List<Event> events = [.. Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).Events,
            .. Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web)).Events,
            .. Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).Events,
            .. Datapath.ToNetdev(Frame.Udp(Pod.Web, Pod.Db)).Events];
        Assert.Equal(mask == EventMask.None, events.Count == 0);
        Assert.All(events, seen => Assert.Equal(mask, MaskOf(seen.Type)));
    }

    [KernelFact]
    public void Packets_are_counted_with_events_off()
    {
        Datapath.Runtime.Events = EventMask.None;
        Outcome outcome = Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).ExpectCounted(DropReason.UnknownL3Target, MetricDirection.Egress);
        Assert.Equal(Verdict.Drop, outcome.Verdict);
    }

    [KernelFact]
    public void One_endpoint_can_be_watched_alone()
    {
        Datapath.Runtime.Events = EventMask.None;
        Datapath.Runtime.EndpointsFlagged = 1;
        Watch(Pod.Cache, EventMask.Trace);
        Assert.Empty(Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web)).Events);
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Cache)).ExpectEvents("trace ToEndpoint New from 923");
    }

    [KernelFact]
    public void The_sender_can_be_watched_alone()
    {
        Datapath.Runtime.Events = EventMask.None;
        Datapath.Runtime.EndpointsFlagged = 1;
        Watch(Pod.Web, EventMask.Trace);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).ExpectEvents("trace FromEndpoint Unknown from 3663", "trace ToOverlay New from 3663");
    }

    [KernelFact]
    public void An_endpoints_mask_is_not_looked_at_unless_flagged()
    {
        Datapath.Runtime.Events = EventMask.None;
        Watch(Pod.Web, EventMask.Trace);
        Assert.Empty(Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).Events);
    }

    [KernelFact]
    public void An_endpoints_mask_adds_to_that_of_all()
    {
        Datapath.Runtime.Events = EventMask.Drop;
        Datapath.Runtime.EndpointsFlagged = 1;
        Watch(Pod.Web, EventMask.Trace);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).ExpectEvents("trace FromEndpoint Unknown from 3663", "drop UnknownL3Target from 3663");
    }

    [KernelFact]
    public void Low_aggregation_leaves_out_where_packets_come_from()
    {
        Only(EventMask.Trace, Aggregation.Low);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).ExpectEvents("trace ToOverlay New from 3663");
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web)).ExpectEvents("trace ToEndpoint New from 3663");
        Datapath.FromNetdev(Frame.Udp(Pod.Db, Pod.Web)).ExpectEvents();
    }

    [KernelFact]
    public void Medium_aggregation_tells_a_flow_once_for_each_new_tcp_flag()
    {
        Only(EventMask.Trace, Aggregation.Medium);
        Assert.Single(Send(TcpFlags.Syn));
        Assert.Single(Receive(TcpFlags.Syn | TcpFlags.Ack));
        Assert.Single(Send(TcpFlags.Ack));
        Assert.Empty(Send(TcpFlags.Ack));
        Assert.Empty(Receive(TcpFlags.Ack));
        Assert.Single(Send(TcpFlags.Ack | TcpFlags.Psh));
        Assert.Single(Send(TcpFlags.Ack | TcpFlags.Fin));
    }

    [KernelFact]
    public void Medium_aggregation_tells_a_flow_again_after_the_report_interval()
    {
        Only(EventMask.Trace, Aggregation.Medium);
        byte[] packet = Frame.Udp(Pod.Web, Pod.Db, 40000, 53);
        ConntrackKey key = Flow.Udp(Pod.Web, Pod.Db, 40000, 53);
        Assert.Single(Datapath.FromPod(packet).Events);
        Assert.Empty(Datapath.FromPod(packet).Events);
        ConntrackValue entry = Datapath.ConntrackAny[key];
        Datapath.ConntrackAny.Update(key, entry with { TxReport = entry.TxReport - (uint)ConntrackTimeout.ReportInterval });
        Assert.Single(Datapath.FromPod(packet).Events);
        Assert.Empty(Datapath.FromPod(packet).Events);
    }

    [KernelFact]
    [Trait(Emulation.Name, Emulation.TooSlow)]
    public void Events_that_find_no_room_are_counted_and_packets_go_on()
    {
        ulong lost = Datapath.ReadEventsLost();
        byte[] packet = Frame.Udp(Pod.Web, Pod.Db, payload: 1000);
        Datapath.Runtime.CaptureLen = DatapathRuntime.MaxCaptureLength;
        for (int run = 0; run < RunsThatFillTheRing; run++)
        {
            Assert.Equal((int)Verdict.Redirect, Datapath.Programs.Program("weft_from_pod").TestRun(packet).ReturnValue);
        }

        Assert.True(Datapath.ReadEventsLost() > lost);
    }

    private List<Event> Send(TcpFlags flags) => Datapath.FromPod(Frame.Tcp(Pod.Web, Pod.Db, flags)).Events;

    private List<Event> Receive(TcpFlags flags) => Datapath.FromOverlay(Frame.Tcp(Pod.Db, Pod.Web, flags, 80, 40000)).Events;

    private void Only(EventMask mask, Aggregation aggregation)
    {
        Datapath.Runtime.Events = mask;
        Datapath.Runtime.Aggregation = aggregation;
    }

    private void Watch(Pod pod, EventMask mask)
    {
        Datapath.Devices.Update(pod.IfIndex, pod.Endpoint with { Events = mask });
        Datapath.Endpoints.Update(pod.Key, pod.Endpoint with { Events = mask });
    }

    private static EventMask MaskOf(EventType type) => type switch
    {
        EventType.Drop => EventMask.Drop,
        EventType.Debug => EventMask.Debug,
        EventType.Capture => EventMask.Capture,
        _ => EventMask.Trace,
    };
}
