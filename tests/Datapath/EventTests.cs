using Datapath.Harness;
using Weft.Abi;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What is told, in which order, and to whom.</summary>
public sealed class EventTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    private const ushort Id = 15872;

    private static readonly uint s_web = Word(Pod.Web);
    private static readonly uint s_db = Word(Pod.Db);

    [KernelFact]
    public void A_ping_into_the_overlay_tells_the_story_of_the_notes()
    {
        Datapath.FromPod(Frame.EchoRequest(Pod.Web, Pod.Db, Id)).ExpectEvents(
            "trace FromEndpoint Unknown from 3663",
            $"debug CtLookupAddrs {s_web} {s_db} {Id} from 3663",
            "debug CtLookupProto 1 1 0 from 3663",
            "debug CtVerdict 0 0 0 from 3663",
            $"debug IpcacheHit {s_db} 8589 0 from 3663",
            "debug CtCreate 0 37483 0 from 3663",
            "debug Encapsulate 3232236094 37483 0 from 3663",
            "trace ToOverlay New from 3663",
            "capture Delivery 6 from 3663");
    }

    [KernelFact]
    public void Its_answer_out_of_the_overlay_too()
    {
        Datapath.FromPod(Frame.EchoRequest(Pod.Web, Pod.Db, Id));
        uint expires = Datapath.ConntrackAny.Entries().Single().Value.Expires;
        Outcome outcome = Datapath.FromOverlay(Frame.EchoReply(Pod.Db, Pod.Web, Id));
        expires = Datapath.ConntrackAny.Entries().Single().Value.Expires;
        outcome.ExpectEvents(
            "trace FromOverlay Unknown from 0",
            "debug Decapsulate 8589 0 0 from 0",
            "debug LocalDelivery 3663 8589 0 from 0",
            $"debug CtLookupAddrs {s_db} {s_web} {Id << 16} from 3663",
            "debug CtLookupProto 1 0 0 from 3663",
            $"debug CtFound {expires} 0 0 from 3663",
            "debug CtVerdict 2 0 0 from 3663",
            "trace ToEndpoint Reply from 3663",
            "capture Delivery 1 from 3663");
    }

    [KernelFact]
    public void An_unknown_address_is_told_before_the_drop()
    {
        Datapath.Ipcache.Delete(new IpcacheKey { PrefixLen = 128, Addr = Pod.Db.Key });
        Outcome outcome = Datapath.FromPod(Frame.EchoRequest(Pod.Web, Pod.Db, Id));
        Assert.Equal($"debug IpcacheMiss {s_db} 0 0 from 3663", outcome.Debug[^1]);
        Assert.Equal("drop UnknownL3Target from 3663", outcome.Events[^1].ToString());
    }

    [KernelFact]
    public void Trace_into_the_overlay_names_both_identities_and_the_device()
    {
        byte[] packet = Frame.EchoRequest(Pod.Web, Pod.Db);
        Outcome outcome = Datapath.FromPod(packet);
        TraceRecord trace = outcome.Trace(TracePoint.ToOverlay);
        Assert.Equal((Pod.Web.Identity, Pod.Db.Identity), (trace.SrcIdentity, trace.DstIdentity));
        Assert.Equal((Node.OverlayIfIndex, 0, WeftAddress.None), (trace.IfIndex, trace.DstId, trace.OrigAddr));
        Assert.Equal((uint)packet.Length, trace.LenOrig);
        Assert.Equal(Frame.Routed(packet), outcome.Events.Single(seen => seen.Header.Subtype == (byte)TracePoint.ToOverlay && seen.Type == EventType.Trace).Captured);
    }

    [KernelFact]
    public void Trace_into_the_pod_names_it_and_the_original_source()
    {
        TraceRecord trace = Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web)).Trace(TracePoint.ToEndpoint);
        Assert.Equal((Pod.Db.Identity, Pod.Web.Identity, Pod.Web.Id), (trace.SrcIdentity, trace.DstIdentity, trace.DstId));
        Assert.Equal((Pod.Web.IfIndex, Pod.Db.Key), (trace.IfIndex, trace.OrigAddr));
    }

    [KernelFact]
    public void A_drop_names_who_where_and_why()
    {
        Datapath.Learn(Pod.Nobody.Address, Pod.Nobody.Identity, node: null);
        DropRecord drop = Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).Events.Single(seen => seen.Type == EventType.Drop).Drop;
        Assert.Equal((Pod.Web.Identity, Pod.Nobody.Identity), (drop.SrcIdentity, drop.DstIdentity));
        Assert.Equal((SourceFile.Pod, Pod.Web.IfIndex), (drop.File, drop.IfIndex));
        Assert.InRange(drop.Line, 1, 500);
    }

    [KernelFact]
    public void The_header_has_time_mark_and_flow()
    {
        Outcome outcome = Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web), context: new() { Mark = 0xabc });
        EventHeader header = outcome.Events[0].Header;
        Assert.InRange(header.Time / 1_000_000_000, DatapathFixture.Now - 2, DatapathFixture.Now);
        Assert.Equal(0xabcu, header.Mark);
        Assert.All(outcome.Events, seen => Assert.Equal(header.Hash, seen.Header.Hash));
        Assert.NotEqual(0u, header.Hash);
    }

    [KernelFact]
    public void The_underlay_shows_overlay_packets_as_such()
    {
        byte[] inner = Frame.EchoRequest(Pod.Web, Pod.Db);
        byte[] outer = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4(Node.East, Node.West)
            .Udp(36535, Node.TunnelPort).Vxlan(Pod.Web.Identity).Payload(inner).ToArray();
        TraceRecord trace = Datapath.ToNetdev(outer, new() { Mark = 0x926b0400 }).Trace(TracePoint.ToNetwork);
        Assert.Equal((TraceFlags.Vxlan, Pod.Web.Identity, Node.HostEndpoint), (trace.Flags, trace.SrcIdentity, trace.Header.Source));
        Assert.Equal(TraceFlags.Vxlan, Datapath.FromNetdev(outer).Trace(TracePoint.FromNetwork).Flags);
        Assert.Equal(TraceFlags.None, Datapath.FromNetdev(inner).Trace(TracePoint.FromNetwork).Flags);
    }

    [KernelTheory]
    [InlineData(0, 0)]
    [InlineData(20, 20)]
    [InlineData(256, 98)]
    [InlineData(9999, 98)]
    public void As_many_bytes_are_captured_as_asked_for(int asked, int captured)
    {
        Datapath.Runtime.CaptureLen = (uint)asked;
        foreach (Event seen in Datapath.FromPod(Frame.EchoRequest(Pod.Web, Pod.Db)).Events.Where(seen => seen.Type == EventType.Trace))
        {
            Assert.Equal((captured, captured), (seen.Trace.LenCap, seen.Captured.Length));
        }
    }

    [KernelFact]
    public void Never_more_than_the_most_is_captured()
    {
        Datapath.Runtime.CaptureLen = uint.MaxValue;
        Outcome outcome = Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db, payload: 1000));
        Assert.Equal(DatapathRuntime.MaxCaptureLength, outcome.Trace(TracePoint.ToOverlay).LenCap);
    }

    private static uint Word(Pod pod) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(pod.IP.Value);
}
