using System.Buffers.Binary;
using System.Globalization;
using Datapath.Harness;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Packets;
using Weft.Tests.Shared;
using Xunit.Sdk;

namespace Datapath;

/// <summary>Random flows of two pods and the node to the same few remotes, with time passing: no two ever share a port, and each answer finds its own.</summary>
public sealed class NatTableTests(DatapathFixture datapath) : NodeTest(datapath)
{
    private const int Rounds = 24;
    private const int Steps = 100;

    /// <summary>Few, so that flows meet; only pods use the first, which is below those of translation.</summary>
    private static readonly ushort[] s_ports = [5000, 40000, 65535];

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Random_traffic_is_translated_as_the_model_says(Family family)
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        Random random = new(seed);
        for (int round = 0; round < Rounds; round++)
        {
            Datapath.Reset();
            Datapath.LearnNodes();
            NatModel model = new();
            List<string> story = [];
            HashSet<(NatModel.Remote, ushort)> used = [];
            Carried carried = Kind(family, round);
            for (int step = 0; step < Steps; step++)
            {
                if (Step(random, family, carried, model, story, used) is { } wrong)
                {
                    throw new XunitException($"{wrong}; repeat with WEFT_FUZZ_SEED={seed}, round {round}:\n{string.Join('\n', story)}");
                }
            }
        }
    }

    private static Carried Kind(Family family, int round) => family == Family.IPv4
        ? (Carried)(round % 4)
        : (round % 3) switch { 0 => Carried.Tcp, 1 => Carried.Udp, _ => Carried.Echo };

    private string? Step(Random random, Family family, Carried carried, NatModel model, List<string> story, HashSet<(NatModel.Remote, ushort)> used)
    {
        if (random.Next(6) == 0)
        {
            // No sum of them is near the idle time, so that some seconds more do not matter.
            uint seconds = random.Next(6) == 0 ? 80u : 16;
            story.Add($"{seconds} s pass");
            model.Age(seconds);
            Age(seconds);
            return null;
        }

        NatModel.Remote remote = new(Node.OutsideOn(family), carried == Carried.Echo ? (ushort)0 : (ushort)(53 + random.Next(2)), carried == Carried.UdpUnchecked ? Carried.Udp : carried);
        return used.Count > 0 && random.Next(3) == 0
            ? Answer(random, family, model, story, used)
            : Send(random, family, carried, remote, model, story, used);
    }

    private string? Send(Random random, Family family, Carried carried, NatModel.Remote remote, NatModel model, List<string> story, HashSet<(NatModel.Remote, ushort)> used)
    {
        int who = random.Next(3);
        WeftAddress address = who switch { 0 => Pod.Web.On(family), 1 => Pod.Cache.On(family), _ => Node.EastOn(family) };
        ushort port = s_ports[random.Next(who == 2 ? 1 : 0, s_ports.Length)];
        NatModel.Source source = new(address, port, IsNode: who == 2);
        Pod pod = who == 1 ? Pod.Cache : Pod.Web;
        Segment sent = Segment.Between(address, port, remote.Address, remote.Port, carried) with { FromMac = pod.EthernetAddress, ToMac = pod.GatewayAddress };
        Datapath.Devices.Update(Pod.Web.IfIndex, pod.Endpoint with { IfIndex = Pod.Web.IfIndex });
        Outcome outcome = who == 2 ? Datapath.ToNetdev(sent.ToArray()) : Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        ushort left = SourcePortOf(outcome.Packet, family, carried);
        Segment expected = (who == 2 ? sent : sent.Routed()) with { Source = Node.EastOn(family), SourcePort = left };
        outcome.ExpectPacket(expected.ToArray());
        story.Add($"{address} {port} to {remote.Port} {carried}: left with {left}");
        used.Add((remote, left));
        return model.Sent(source, remote, left, DatapathFixture.Now);
    }

    private string? Answer(Random random, Family family, NatModel model, List<string> story, HashSet<(NatModel.Remote, ushort)> used)
    {
        (NatModel.Remote remote, ushort port) = used.ElementAt(random.Next(used.Count));
        Segment answer = Segment.Between(remote.Address, remote.Port, Node.EastOn(family), port, remote.Carried) with { Flags = TcpFlags.Syn | TcpFlags.Ack };
        NatModel.Source? owner = model.Received(remote, port, DatapathFixture.Now);
        Outcome outcome = Datapath.FromNetdev(answer.ToArray());
        story.Add($"answer of {remote.Port} {remote.Carried} to {port}: {outcome.Verdict}, expected for {owner}");
        if (owner is null || owner.IsNode)
        {
            outcome.ExpectPacket(owner is null ? answer.ToArray() : (answer with { DestinationPort = owner.Port }).ToArray());
            return outcome.Verdict == Verdict.Next ? null : "the node's packet went elsewhere";
        }

        Pod pod = owner.Address == Pod.Web.On(family) ? Pod.Web : Pod.Cache;
        outcome.ExpectForwardedFromNetdev().ExpectPacket((answer with { Destination = owner.Address, DestinationPort = owner.Port }).Delivered(pod).ToArray());
        return null;
    }

    private static ushort SourcePortOf(byte[] packet, Family family, Carried carried)
    {
        int l4 = EthernetHeader.Size + (family == Family.IPv4 ? IPv4Header.MinSize : IPv6Header.Size);
        return BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(l4 + (carried == Carried.Echo ? 4 : 0)));
    }

    private void Age(uint seconds)
    {
        foreach ((NatKey key, NatValue value) in Datapath.Nat.Entries().ToArray())
        {
            Datapath.Nat.Update(key, value with { Expires = value.Expires - seconds });
        }

        foreach (BpfMap<ConntrackKey, ConntrackValue> map in new[] { Datapath.ConntrackTcp, Datapath.ConntrackAny })
        {
            foreach ((ConntrackKey key, ConntrackValue value) in map.Entries().ToArray())
            {
                map.Update(key, value with { Expires = value.Expires - seconds });
            }
        }
    }
}
