using System.Net;
using Weft.Abi;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Events.Tests.Hops;

public sealed class HopJoinerTests
{
    private const ushort Port = 61234;
    private const string East = "bpf1";
    private const string West = "bpf2";

    private readonly List<Sighting> _seen = [];
    private ulong _time = 1_000_000;

    [Fact]
    public void Two_tracepoints_of_a_device_are_one_hop()
    {
        See(East, HopPoint.Queue, "eth0", 1, Echo("10.0.0.1", "10.0.0.2", Port));
        See(East, HopPoint.Transmit, "eth0", 1, Echo("10.0.0.1", "10.0.0.2", Port));

        Hop hop = Assert.Single(Assert.Single(Join()).Hops);
        Assert.Equal((HopKind.Send, "eth0"), (hop.Kind, hop.Seen.Device));
    }

    [Fact]
    public void A_translated_packet_is_known_by_its_address_in_the_kernel_and_its_answer_by_its_new_flow()
    {
        See(East, HopPoint.Receive, "lxc1", 7, Echo("10.0.0.1", "1.1.1.1", Port));
        See(East, HopPoint.Transmit, "ens3", 7, Echo("192.168.2.61", "1.1.1.1", 40000));
        See(East, HopPoint.Receive, "ens3", 8, EchoReply("1.1.1.1", "192.168.2.61", 40000));

        IReadOnlyList<PacketWay> ways = Join();

        Assert.Equal([WayDirection.Request, WayDirection.Reply], ways.Select(way => way.Direction));
        Assert.Equal(2, ways[0].Hops.Count);
        Assert.Contains(ways[0].Hops[1].Delta, change => change is { Field: "source", Before: "10.0.0.1", After: "192.168.2.61" });
    }

    [Fact]
    public void Another_flow_at_the_same_address_in_the_kernel_is_not_followed()
    {
        See(East, HopPoint.Receive, "lxc1", 7, Echo("10.0.0.1", "10.0.0.2", Port, sequence: 1));
        See(East, HopPoint.Transmit, "ens3", 7, Echo("10.0.0.9", "10.0.0.8", 5, sequence: 900));

        Assert.Single(Assert.Single(Join()).Hops);
    }

    [Fact]
    public void An_error_is_a_packet_of_its_own_about_the_one_that_it_quotes()
    {
        byte[] request = Echo("10.0.0.1", "10.0.0.2", Port);
        See(East, HopPoint.Transmit, "eth0", 1, request);
        See(East, HopPoint.Receive, "eth0", 2, new PacketBuilder().Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").IPv4("10.0.0.254", "10.0.0.1")
            .Add(new IcmpLayer(IcmpType.TimeExceeded, 0)).Payload(request.AsMemory(14)).ToArray());

        Assert.Equal([WayDirection.Request, WayDirection.ErrorAboutRequest], Join().Select(way => way.Direction));
    }

    [Fact]
    public void A_drop_of_a_program_and_the_kernels_freeing_of_it_are_one()
    {
        byte[] packet = Echo("10.0.0.1", "10.0.0.2", Port);
        See(East, HopPoint.Receive, "lxc1", 1, packet);
        _seen.Add(Sighted(East, packet) with { Program = new ProgramVerdict { Drop = DropReason.TtlExceeded, DropPlace = "pod.bpf.c:1" } });
        _seen.Add(Sighted(East, packet) with { Point = HopPoint.Drop, Skb = 1, KernelReason = "TC_INGRESS" });

        Assert.Equal([HopKind.Receive, HopKind.ProgramDrop], Assert.Single(Join()).Hops.Select(hop => hop.Kind));
    }

    [Fact]
    public void Clocks_of_two_machines_are_brought_together_by_what_crossed_in_both_directions()
    {
        const ulong ahead = 5_000_000_000;
        See(East, HopPoint.Transmit, "ens3", 1, Echo("10.0.0.1", "10.0.0.2", Port));
        _time += ahead + 1000;
        See(West, HopPoint.Receive, "ens3", 2, Echo("10.0.0.1", "10.0.0.2", Port));
        See(West, HopPoint.Transmit, "ens3", 3, EchoReply("10.0.0.2", "10.0.0.1", Port));
        _time -= ahead - 1000;
        See(East, HopPoint.Receive, "ens3", 4, EchoReply("10.0.0.2", "10.0.0.1", Port));

        ClockAlignment clocks = ClockAlignment.Of(_seen, new Dictionary<string, string> { [East] = "a", [West] = "b" });

        Assert.InRange(clocks.Uncertainty.TotalMicroseconds, 0.9, 5);
        Assert.Equal(_seen, _seen.OrderBy(clocks.Align));
        PacketWay request = HopJoiner.Join(_seen, clocks, flow => flow.SourcePort == Port)[0];
        Assert.Equal([East, West], request.Hops.Select(hop => hop.Seen.Node));
    }

    [Fact]
    public void One_clock_is_not_corrected()
    {
        See(East, HopPoint.Transmit, "ens3", 1, Echo("10.0.0.1", "10.0.0.2", Port));
        See(West, HopPoint.Receive, "ens3", 1, Echo("10.0.0.1", "10.0.0.2", Port));

        ClockAlignment clocks = ClockAlignment.Of(_seen, new Dictionary<string, string> { [East] = "a", [West] = "a" });

        Assert.Equal(TimeSpan.Zero, clocks.Uncertainty);
        Assert.Equal((long)_seen[1].Time, clocks.Align(_seen[1]));
    }

    [Fact]
    public void Bytes_that_are_no_packet_are_passed_over()
    {
        Random random = new(20261128);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            See(East, (HopPoint)random.Next(1, 9), "eth0", (ulong)random.Next(1, 5), bytes);
        }

        Assert.All(Join(), way => Assert.NotEmpty(way.Hops));
    }

    private static byte[] Echo(string from, string to, ushort id, ushort sequence = 1) =>
        new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4(from, to).EchoRequest(id, sequence).Payload(8).ToArray();

    private static byte[] EchoReply(string from, string to, ushort id) =>
        new PacketBuilder().Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").IPv4(from, to).EchoReply(id, 1).Payload(8).ToArray();

    private void See(string node, HopPoint point, string device, ulong skb, byte[] bytes) =>
        _seen.Add(Sighted(node, bytes) with { Point = point, Device = device, Skb = skb, Namespace = "" });

    private Sighting Sighted(string node, byte[] bytes) => new()
    {
        Node = node,
        Time = _time += 1000,
        Facts = PacketFacts.Read(bytes, LayerKind.Ethernet, VxlanHeader.LinuxPort),
        Bytes = bytes,
        HasEthernet = true,
    };

    private IReadOnlyList<PacketWay> Join() =>
        HopJoiner.Join(_seen, ClockAlignment.Of(_seen, new Dictionary<string, string>()), flow => flow is { SourcePort: Port, Source: var source } && source.Equals(IPAddress.Parse("10.0.0.1")));
}
