using Weft.Abi;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Weft.Events.Tests;

public class PacketJoinerTests
{
    private const ulong Begin = 1_000_000_000;

    private readonly ManualClock _clock = new();
    private readonly PacketJoiner _joiner;

    public PacketJoinerTests()
    {
        _joiner = new PacketJoiner(_clock);
        _joiner.LearnBootId("bpf1", "one");
        _joiner.LearnBootId("bpf2", "one");
    }

    [Fact]
    public void Events_of_two_nodes_are_one_line_in_the_order_of_the_way()
    {
        // the node that delivers tells first
        _joiner.Add(Seen("bpf2", 210, TracePoint.ToEndpoint, CraftedEvents.Echo));
        _joiner.Add(Seen("bpf2", 150, TracePoint.FromNetwork, CraftedEvents.EchoInVxlan));
        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _joiner.Add(Seen("bpf1", 40, TracePoint.ToOverlay, CraftedEvents.Echo, "weft_vxlan"));
        Assert.Empty(_joiner.Take());

        _clock.Advance(PacketJoiner.Settle);

        Assert.Equal(
            "default/cni-6vf5d → default/cni-j22kt ICMP echo request 0: left by weft_vxlan on bpf1 with identity 37483, delivered on bpf2 after 210 µs",
            Line(Assert.Single(_joiner.Take())));
    }

    [Fact]
    public void Nodes_without_a_common_clock_are_not_compared()
    {
        _joiner.LearnBootId("bpf2", "another");
        _joiner.Add(Seen("bpf2", 5000, TracePoint.FromNetwork, CraftedEvents.EchoInVxlan));
        _joiner.Add(Seen("bpf2", 5020, TracePoint.ToEndpoint, CraftedEvents.Echo));
        _joiner.Add(Seen("bpf1", 9_000_000, TracePoint.ToOverlay, CraftedEvents.Echo, "weft_vxlan"));

        Assert.EndsWith(": left by weft_vxlan on bpf1 with identity 37483, delivered on bpf2", Line(Assert.Single(_joiner.Take(all: true))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_drop_ends_a_packet_and_says_why()
    {
        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _joiner.Add(Seen("bpf1", 12, null, CraftedEvents.Echo));

        Assert.EndsWith(": dropped on bpf1 after 12 µs: Invalid source ip (pod.bpf.c:42)", Line(Assert.Single(_joiner.Take(all: true))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyVerdictCode.Allowed, MetricDirection.Egress, CraftedEvents.KnownRule, PolicyEventFlags.None, "egress allowed by NetworkPolicy shop/web spec.ingress[0] (line 12) on bpf1")]
    [InlineData(PolicyVerdictCode.Allowed, MetricDirection.Ingress, 0u, PolicyEventFlags.None, "ingress allowed on bpf1: no rule denies it")]
    [InlineData(PolicyVerdictCode.DeniedByRule, MetricDirection.Ingress, CraftedEvents.OtherRule, PolicyEventFlags.None, "ingress denied by rule 0x0000abcd on bpf1")]
    [InlineData(PolicyVerdictCode.DeniedByDefault, MetricDirection.Ingress, 0u, PolicyEventFlags.ByNobody, "ingress denied on bpf1: no rule allows it")]
    [InlineData(PolicyVerdictCode.DeniedByDefault, MetricDirection.Egress, 0u, PolicyEventFlags.Audit | PolicyEventFlags.Revised, "egress denied on bpf1: no rule allows it, but let pass for audit, flow was there before")]
    public void A_verdict_on_the_way_says_which_rule_decided(PolicyVerdictCode code, MetricDirection direction, uint rule, PolicyEventFlags flags, string words)
    {
        SightingReader reader = new("bpf1");
        reader.Read(new MonitorFrame(MonitorFrameKind.Rule, new RuleName(CraftedEvents.KnownRule, CraftedEvents.KnownRuleName).ToJson()));
        byte[] verdict = CraftedEvents.Policy(code, new() { Direction = direction, Rule = rule, Flags = flags, Peer = CraftedEvents.PodIdentity }, CraftedEvents.Echo);
        Sighting judged = reader.Read(new MonitorFrame(MonitorFrameKind.Record, verdict))! with { Time = Begin + 5000 };

        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _joiner.Add(judged);
        Assert.Equal(
            $"default/cni-6vf5d → default/cni-j22kt ICMP echo request 0: {words}, not seen any further than a policy verdict on bpf1",
            Line(Assert.Single(_joiner.Take(all: true))));

        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _joiner.Add(judged);
        _joiner.Add(Seen("bpf1", 12, null, CraftedEvents.Echo));
        Assert.EndsWith($": {words}, dropped on bpf1 after 12 µs: Invalid source ip (pod.bpf.c:42)", Line(Assert.Single(_joiner.Take(all: true))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_that_nobody_hears_of_any_more_is_told_as_that()
    {
        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _clock.Advance(PacketJoiner.Settle);
        Assert.Empty(_joiner.Take());

        _clock.Advance(PacketJoiner.GiveUp);

        Assert.EndsWith(": not seen any further than from-endpoint on bpf1", Line(Assert.Single(_joiner.Take())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_translated_packet_is_the_same_packet()
    {
        byte[] toService = CraftedEvents.Inner.IPv4("10.0.1.180", "10.96.0.10").Tcp(4242, 80, TcpFlags.Syn).ToArray();
        byte[] toBackend = CraftedEvents.Inner.IPv4("10.0.1.180", "10.0.0.23").Tcp(4242, 8080, TcpFlags.Syn).ToArray();
        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, toService));
        _joiner.Add(Seen("bpf1", 20, TracePoint.ToEndpoint, toBackend));

        Assert.Equal(
            "default/cni-6vf5d → 10.96.0.10 TCP 4242 → 80 SYN: destination translated to default/cni-j22kt port 8080 on bpf1, delivered on bpf1 after 20 µs",
            Line(Assert.Single(_joiner.Take(all: true))));
    }

    [Fact]
    public void What_a_sender_sends_again_is_another_packet()
    {
        _joiner.Add(Seen("bpf1", 0, TracePoint.FromEndpoint, CraftedEvents.Echo));
        _joiner.Add(Seen("bpf1", 900, TracePoint.FromEndpoint, CraftedEvents.Echo));

        Assert.Equal(2, _joiner.Take(all: true).Count);
    }

    [Fact]
    public void A_flood_takes_bounded_memory_and_no_packet_is_left_out()
    {
        const int packets = PacketJoiner.MaxPackets + 100;
        int told = 0;
        for (int i = 0; i < packets; i++)
        {
            byte[] packet = CraftedEvents.Inner.IPv4("10.0.1.180", "10.0.0.23").EchoRequest((ushort)(i / 60000), (ushort)i).Payload(8).ToArray();
            _joiner.Add(Seen("bpf1", (ulong)i * 3000, TracePoint.FromEndpoint, packet));
        }

        told += _joiner.Take().Count;
        Assert.Equal(100, told);
        Assert.Equal(PacketJoiner.MaxPackets, _joiner.Take(all: true).Count);
    }

    private static string Line(JoinedPacket packet) => JoinedPacketText.Line(packet, address => address.ToString() switch
    {
        "10.0.1.180" => "default/cni-6vf5d",
        "10.0.0.23" => "default/cni-j22kt",
        _ => null,
    });

    private static Sighting Seen(string node, ulong microseconds, TracePoint? point, byte[] packet, string? device = null) => new()
    {
        Node = node,
        Time = Begin + (microseconds * 1000),
        Facts = PacketFacts.Read(packet, LayerKind.Ethernet, 8472),
        Bytes = packet,
        HasEthernet = true,
        Program = new ProgramVerdict
        {
            Point = point,
            Drop = point is null ? DropReason.InvalidSourceIP : null,
            DropPlace = "pod.bpf.c:42",
            SourceIdentity = CraftedEvents.PodIdentity,
            Device = device,
        },
    };
}
