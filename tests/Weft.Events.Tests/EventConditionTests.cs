using System.Net;
using Weft.Abi;
using Weft.Packets;

namespace Weft.Events.Tests;

/// <summary>Conditions on packets: each asked of an echo request in the overlay and of a DNS query.</summary>
public class EventConditionTests
{
    private static readonly byte[] Tunnelled = CraftedEvents.Trace(
        TracePoint.FromNetwork, new() { IfIndex = CraftedEvents.UnderlayIfIndex, SrcIdentity = CraftedEvents.PodIdentity }, CraftedEvents.EchoInVxlan, 0);

    private static readonly byte[] Query = CraftedEvents.Drop(
        DropReason.InvalidSourceIP, new() { DstId = 7, DstIdentity = 4, IfIndex = CraftedEvents.PodIfIndex },
        CraftedEvents.Inner.IPv4("10.0.1.180", "10.0.0.10").Udp(40000, 53).Payload(new byte[] { 0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 }).ToArray());

    /// <summary>Whether the tunnelled request and the query are wanted.</summary>
    public static TheoryData<bool, bool, EventFilter> Filters => new()
    {
        { true, true, new() { Ends = [End(EndSide.Any, "10.0.1.180/32")] } },
        { true, false, new() { Ends = [End(EndSide.Any, "192.168.2.0/24")] } },
        { true, true, new() { Ends = [End(EndSide.From, "10.0.1.0/24")] } },
        { false, false, new() { Ends = [End(EndSide.To, "10.0.1.0/24")] } },
        { true, false, new() { Ends = [End(EndSide.From, "10.0.1.180/32"), End(EndSide.To, "10.0.0.23/32")] } },
        { false, true, new() { Ends = [End(EndSide.To, "10.0.0.10/32", "10.0.0.11/32")] } },
        { true, false, new() { Ends = [new(EndSide.From) { Identities = [CraftedEvents.PodIdentity] }] } },
        { false, true, new() { Ends = [new(EndSide.To) { Identities = [4] }] } },
        { false, true, new() { Ends = [new(EndSide.To) { Endpoints = [7] }] } },
        { false, true, new() { Ports = [53] } },
        { true, false, new() { Ports = [8472] } },
        { true, false, new() { Protocols = [PacketProtocol.Icmp] } },
        { true, true, new() { Protocols = [PacketProtocol.Udp] } },
        { false, true, new() { Protocols = [PacketProtocol.Dns, PacketProtocol.Tls] } },
        { false, true, new() { DropReasons = [DropReason.InvalidSourceIP] } },
        { true, false, new() { Interfaces = ["ens3"] } },
        { true, false, new() { Packet = (packet, _) => packet[9] == (byte)IPProtocol.Icmpv4 } },
        { false, true, new() { Packet = (_, length) => length == 40 } },
        { true, false, new() { Ports = [53], Not = true } },
        { false, false, new() { Ports = [53], Not = true, Types = EventMask.Drop } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_condition_holds_for_what_it_is_about(bool tunnelled, bool query, EventFilter filter)
    {
        Assert.Equal((tunnelled, query), (Matches(filter, Tunnelled), Matches(filter, Query)));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void An_agent_sends_at_least_what_the_client_shows(bool tunnelled, bool query, EventFilter filter)
    {
        Dictionary<string, List<string>> values = filter.ToQuery().GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Select(pair => pair.Value).ToList());

        EventFilter read = EventFilter.FromQuery(key => values.GetValueOrDefault(key) ?? []);

        Assert.True(Matches(read, Tunnelled) || !tunnelled);
        Assert.True(Matches(read, Query) || !query);
        Assert.True(filter.Packet is not null || Matches(read with { Types = filter.Types }, Query) == query);
    }

    [Theory]
    [InlineData("end", "from")]
    [InlineData("end", "sideways:10.0.0.1/32")]
    [InlineData("end", "any:nobody")]
    [InlineData("port", "65536")]
    [InlineData("protocol", "smoke")]
    [InlineData("reason", "many")]
    public void A_query_that_says_nothing_is_refused(string key, string value) =>
        Assert.Throws<FormatException>(() => EventFilter.FromQuery(asked => asked == key ? [value] : []));

    [Fact]
    public void Debug_messages_go_with_the_packet_that_their_cpu_works_on()
    {
        byte[] debug = CraftedEvents.Debug(DebugMessage.CtVerdict, 0);
        EventSieve sieve = new(new() { Ports = [53] }, CraftedEvents.Names());

        Assert.Equal([false, false, true, true, false], new[] { Tunnelled, debug, Query, debug, Tunnelled }.Select(bytes => Parse(bytes, sieve.Lets)));
    }

    private static EndCondition End(EndSide side, params string[] networks) =>
        new(side) { Addresses = [.. networks.Select(network => new AddressRange(IPNetwork.Parse(network)))] };

    private static bool Matches(EventFilter filter, byte[] bytes) => Parse(bytes, (in EventRecord record) => filter.Matches(record, CraftedEvents.Names()));

    private delegate bool Ask(in EventRecord record);

    private static bool Parse(byte[] bytes, Ask ask)
    {
        Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
        return ask(record);
    }
}
