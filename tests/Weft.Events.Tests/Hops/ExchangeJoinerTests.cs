using Weft.Abi;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Events.Tests.Hops;

public sealed class ExchangeJoinerTests
{
    private const string Client = "10.0.0.1";
    private const string Server = "10.0.0.2";

    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(1);
    private static readonly Dictionary<string, string> s_oneClock = new() { ["bpf1"] = "a", ["bpf2"] = "a" };

    private readonly Clock _clock = new();
    private readonly ExchangeJoiner _joiner;

    public ExchangeJoinerTests() => _joiner = new ExchangeJoiner(s_answerTime, _clock);

    [Fact]
    public void A_packet_is_told_of_once_when_its_answer_is_there_and_nothing_moves()
    {
        Way(Client, Server, 1);
        Way(Server, Client, 1, isReply: true);
        Assert.Empty(Take());

        Pass(0.3);

        Assert.Equal([WayDirection.Request, WayDirection.Reply], Assert.Single(Take()).Select(way => way.Direction));
        Pass(5);
        Assert.Empty(Take());
    }

    [Fact]
    public void One_without_an_answer_waits_for_it_as_long_as_was_asked_for()
    {
        Way(Client, Server, 1);

        Pass(0.9);
        Assert.Empty(Take());
        Pass(0.2);
        Assert.Single(Assert.Single(Take()));
    }

    [Fact]
    public void Answers_belong_to_the_echo_with_their_number_and_flows_are_kept_apart()
    {
        Way(Client, Server, 1);
        Way(Client, Server, 2);
        Way(Server, Client, 2, isReply: true);
        Way("10.0.0.9", Server, 2);
        Way(Server, "10.0.0.9", 2, isReply: true);
        Pass(2);

        IReadOnlyList<IReadOnlyList<PacketWay>> exchanges = Take();

        Assert.Equal([(1, 1), (2, 2), (2, 2)], exchanges.Select(exchange => (exchange[0].Packet.EchoSequence!.Value, exchange.Count)));
        Assert.Equal("10.0.0.9", exchanges[2][1].Packet.Destination!.ToString());
    }

    [Fact]
    public void A_packet_that_comes_back_for_nothing_is_a_packet()
    {
        Way(Client, Server, 1);
        Way(Server, Client, 1, isReply: true);
        Way(Server, Client, 7, isReply: true);
        Pass(2);

        Assert.Equal([2, 1], Take().Select(exchange => exchange.Count));
    }

    [Fact]
    public void More_than_it_holds_is_forgotten_and_counted_and_packets_are_told_of_once_nevertheless()
    {
        Random random = new(20261129);
        List<(string, int)> told = [];
        for (int packet = 0; packet < 20_000; packet++)
        {
            Way(Client, Server, (ushort)packet);
            Pass(random.NextDouble() / 10_000);
            if (packet % 5000 == 4999)
            {
                told.AddRange(Take().Select(exchange => (exchange[0].Packet.Source!.ToString(), exchange[0].Packet.EchoSequence!.Value)));
            }
        }

        Assert.True(_joiner.Forgotten > 0);
        Assert.Equal(told.Count, told.Distinct().Count());
    }

    /// <summary>A packet from one pod's device to the other's.</summary>
    private void Way(string from, string to, ushort sequence, bool isReply = false)
    {
        PacketBuilder builder = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4(from, to);
        byte[] packet = (isReply ? builder.EchoReply(77, sequence) : builder.EchoRequest(77, sequence)).Payload(8).ToArray();
        foreach ((HopPoint point, string node, string device) in new[] { (HopPoint.Transmit, "bpf1", "eth0"), (HopPoint.Receive, "bpf1", "lxc1"), (HopPoint.Transmit, "bpf1", "ens3"), (HopPoint.Receive, "bpf2", "ens3") })
        {
            _joiner.Add(new Sighting
            {
                Node = node,
                Time = (ulong)(_clock.Now += 1000),
                Facts = PacketFacts.Read(packet, LayerKind.Ethernet, VxlanHeader.LinuxPort),
                Point = point,
                Device = device,
                Skb = 1,
                Namespace = "",
                Bytes = packet,
                HasEthernet = true,
            });
        }
    }

    private IReadOnlyList<IReadOnlyList<PacketWay>> Take() => _joiner.Take(s_oneClock);

    private void Pass(double seconds) => _clock.Now += (long)(seconds * 1e9);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; } = 1_000_000_000;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Now;
    }
}
