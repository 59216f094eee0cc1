using Weft.Abi;
using Weft.Packets;

namespace Weft.Events.Tests;

public class EventFilterTests
{
    private static readonly byte[] FromPodToSeven =
        CraftedEvents.Drop(DropReason.TtlExceeded, new() { DstId = 7 }, CraftedEvents.Echo);

    public static TheoryData<bool, EventFilter> Filters => new()
    {
        { true, new() },
        { true, new() { Types = EventMask.Drop } },
        { false, new() { Types = EventMask.Trace | EventMask.Debug | EventMask.Capture } },
        { true, new() { From = [1, CraftedEvents.Pod] } },
        { false, new() { From = [7] } },
        { true, new() { To = [7] } },
        { false, new() { To = [CraftedEvents.Pod] } },
        { true, new() { RelatedTo = [7] } },
        { true, new() { RelatedTo = [CraftedEvents.Pod] } },
        { false, new() { RelatedTo = [8] } },
        { false, new() { From = [CraftedEvents.Pod], To = [8] } },
    };

    public static TheoryData<bool, bool, bool, EventFilter> VerdictFilters => new()
    {
        { true, true, true, new() },
        { true, true, true, new() { Types = EventMask.Policy } },
        { false, false, false, new() { Types = ~EventMask.Policy } },
        { true, true, true, new() { From = [CraftedEvents.Pod] } },
        { true, false, false, new() { To = [CraftedEvents.Pod] } },
        { true, true, true, new() { RelatedTo = [CraftedEvents.Pod] } },
        { false, false, false, new() { RelatedTo = [7] } },
        { false, true, true, new() { Ends = [new(EndSide.From) { Endpoints = [CraftedEvents.Pod] }] } },
        { true, false, false, new() { Ends = [new(EndSide.To) { Endpoints = [CraftedEvents.Pod] }] } },
        { true, true, true, new() { Ends = [new(EndSide.Any) { Endpoints = [CraftedEvents.Pod] }] } },
        { true, false, false, new() { Ends = [new(EndSide.From) { Identities = [300] }] } },
        { false, true, true, new() { Ends = [new(EndSide.To) { Identities = [300] }] } },
        { true, true, true, new() { Ports = [80] } },
        { true, true, true, new() { Interfaces = ["lxc7f2a9c01b4de"] } },
        { false, false, false, new() { Interfaces = ["ens3"] } },
        { false, false, false, new() { DropReasons = [DropReason.TtlExceeded] } },
    };

    /// <summary>A flow that came, one that goes, and an answer to the one that came: of that one the endpoint is the sender.</summary>
    [Theory]
    [MemberData(nameof(VerdictFilters))]
    public void Ends_of_a_verdict_are_those_of_its_packet(bool came, bool goes, bool answer, EventFilter filter)
    {
        PolicyRecord ingress = new() { Direction = MetricDirection.Ingress, Peer = 300, Port = 80 };
        bool Matches(PolicyRecord verdict, byte[] packet) =>
            EventRecord.TryParse(CraftedEvents.Policy(PolicyVerdictCode.Allowed, verdict, packet), out EventRecord record) && filter.Matches(record, CraftedEvents.Names());

        Assert.Equal(
            (came, goes, answer),
            (Matches(ingress, CraftedEvents.Syn), Matches(ingress with { Direction = MetricDirection.Egress }, CraftedEvents.Syn), Matches(ingress, CraftedEvents.SynAck)));
    }

    [Theory]
    [InlineData(false, (byte)IcmpType.EchoRequest, (ushort)0, (ushort)300)]
    [InlineData(true, (byte)IcmpType.EchoRequest, (ushort)300, (ushort)0)]
    public void An_echo_reply_answers_the_flow_that_is_judged(bool isReply, ushort type, ushort source, ushort destination)
    {
        PolicyRecord egress = new() { Direction = MetricDirection.Egress, Peer = 300, Proto = (byte)IPProtocol.Icmpv4, Port = type };
        Assert.True(EventRecord.TryParse(
            CraftedEvents.Policy(PolicyVerdictCode.Allowed, egress, isReply ? CraftedEvents.EchoReply : CraftedEvents.Echo), out EventRecord record));

        Assert.Equal(((uint)source, (uint)destination), record.Identities);
    }

    [Fact]
    public void What_is_delivered_to_an_endpoint_is_not_from_it()
    {
        EventFilter filter = new() { Ends = [new(EndSide.From) { Endpoints = [CraftedEvents.Pod] }] };
        byte[] delivered = CraftedEvents.Trace(TracePoint.ToEndpoint, new() { DstId = CraftedEvents.Pod }, CraftedEvents.EchoReply);
        byte[] sent = CraftedEvents.Trace(TracePoint.FromEndpoint, default, CraftedEvents.Echo);

        Assert.Equal((false, true), (Matches(delivered), Matches(sent)));

        bool Matches(byte[] bytes) => EventRecord.TryParse(bytes, out EventRecord record) && filter.Matches(record);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void All_kinds_of_condition_must_hold(bool expected, EventFilter filter)
    {
        Assert.True(EventRecord.TryParse(FromPodToSeven, out EventRecord record));
        Assert.Equal(expected, filter.Matches(record));
    }
}
