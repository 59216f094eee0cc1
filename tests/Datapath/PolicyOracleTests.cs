using Datapath.Harness;
using Weft.Abi;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;
using Weft.Policy.Tests.Oracle;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Random policies and pods: what the programs do to packets against what the engine's tables say, over changes and swaps.</summary>
public sealed class PolicyOracleTests(DatapathFixture datapath) : NodeTest(datapath)
{
    private const int Runs = 6;
    private const int Steps = 15;
    private const int FlowsPerStep = 40;

    private static readonly string[] s_outside = ["10.1.0.5", "10.1.2.3", "10.1.2.4", "10.9.0.1", "192.0.2.9", "203.0.113.7", "2001:db8::5", "fd00:99::1"];
    private static readonly uint[] s_overlay = [4, 5, 6, 7];
    private static readonly ushort[] s_ports = [80, 81, 443, 1000, 1003, 1500, 2048, 8080, 53, 65535];

    [KernelFact]
    [Trait(Emulation.Name, Emulation.TooSlow)]
    public void Programs_do_what_the_tables_say()
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_SEED") is { } given ? int.Parse(given, null) : Random.Shared.Next();
        Random random = new(seed);
        int allowed = 0, denied = 0;
        for (int run = 0; run < Runs; run++)
        {
            Datapath.Reset();
            Datapath.LearnNodes();
            RandomWorld world = new(random);
            using PolicyNode node = new(Datapath);
            Settle(node, Pod.Web, 900, "w");
            Settle(node, Pod.Cache, 901, "d");
            for (int step = 0; step < Steps; step++)
            {
                for (int changes = random.Next(1, 5); changes > 0; changes--)
                {
                    world.Step(node.Engine);
                }

                node.Resolve(alwaysSwap: random.Next(3) == 0);
                for (int i = 0; i < FlowsPerStep; i++)
                {
                    string where = $"seed {seed}, run {run}, step {step}, flow {i}";
                    bool passes = Compare(node, Try(random, world, node), where);
                    allowed += passes ? 1 : 0;
                    denied += passes ? 0 : 1;
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {allowed} flows allowed, {denied} denied");
        Assert.True(allowed > 0 && denied > 0, $"seed {seed}: {allowed} flows allowed, {denied} denied: nothing was tried");
    }

    /// <summary>A new flow of Web or Cache with somebody, by one of the ways into the datapath.</summary>
    private Attempt Try(Random random, RandomWorld world, PolicyNode node)
    {
        Family family = random.Next(2) == 0 ? Family.IPv4 : Family.IPv6;
        Carried carried = Pick(random, [Carried.Tcp, Carried.Udp, Carried.Echo]);
        ushort own = (ushort)random.Next(1024, 65535);
        ushort port = Pick(random, s_ports);
        Identity behind = new(Pick(random, [.. s_overlay, .. world.Pods.Keys]));
        switch (random.Next(5))
        {
            case 0:
                Datapath.Learn(Pod.Db.Address, behind.Value, Node.West);
                Datapath.Learn(Pod.Db.Address6, behind.Value, Node.West);
                return new(Pod.Web, TrafficDirection.Egress, behind, Segment.FromPod(Pod.Web, family, own, Pod.Db.On(family), port, carried), packet => Datapath.FromPod(packet));
            case 1:
                string address = Pick(random, s_outside);
                family = address.Contains(':', StringComparison.Ordinal) ? Family.IPv6 : Family.IPv4;
                Identity outside = node.Engine.IdentityOf(System.Net.IPAddress.Parse(address));
                return new(Pod.Web, TrafficDirection.Egress, outside, Segment.FromPod(Pod.Web, family, own, WeftAddress.Parse(address), port, carried), packet => Datapath.FromPod(packet));
            case 2:
                Tunnel tunnel = new(behind.Value, Node.Number(Node.West));
                return new(
                    Pod.Cache, TrafficDirection.Ingress, behind, Segment.Between(Pod.Db.On(family), own, Pod.Cache.On(family), port, carried),
                    packet => Datapath.FromOverlay(packet, tunnel));
            case 3:
                string client = Pick(random, s_outside);
                family = client.Contains(':', StringComparison.Ordinal) ? Family.IPv6 : Family.IPv4;
                Identity who = node.Engine.IdentityOf(System.Net.IPAddress.Parse(client));
                return new(
                    Pod.Cache, TrafficDirection.Ingress, who, Segment.Between(WeftAddress.Parse(client), own, Pod.Cache.On(family), port, carried),
                    packet => Datapath.FromNetdev(packet));
            default:
                Identity host = Identity.Host;
                return new(
                    Pod.Cache, TrafficDirection.Ingress, host, Segment.Between(Node.RouterOn(family), own, Pod.Cache.On(family), port, carried),
                    packet => Datapath.FromHost(packet));
        }
    }

    private bool Compare(PolicyNode node, Attempt attempt, string where)
    {
        Segment packet = attempt.Packet.Carried == Carried.Echo ? attempt.Packet with { DestinationPort = 0 } : attempt.Packet;
        Forget(packet);
        Forget(packet, fromReceiver: true);
        ushort port = packet.Carried == Carried.Echo ? (ushort)(packet.Source.IsIPv4 ? 8 : 128) : packet.DestinationPort;
        PolicyDecision expected = node.Decide(attempt.Subject, attempt.Direction, attempt.Peer, (byte)packet.Protocol, port);

        Outcome outcome = attempt.Run(packet.ToArray());

        MetricDirection direction = attempt.Direction == TrafficDirection.Egress ? MetricDirection.Egress : MetricDirection.Ingress;
        bool byDefault = outcome.Metrics.ContainsKey((DropReason.Policy, direction));
        bool byRule = outcome.Metrics.ContainsKey((DropReason.PolicyDeny, direction));
        string flow = $"{where}: {attempt.Direction} of {attempt.Subject.Id}, peer {attempt.Peer.Value}, {port}/{packet.Protocol}";
        outcome.Expect(byDefault == (expected.Verdict == PolicyVerdict.DeniedByDefault), $"{flow}: expected {expected}");
        outcome.Expect(byRule == (expected.Verdict == PolicyVerdict.DeniedByRule), $"{flow}: expected {expected}");
        PolicyRecord? told = outcome.Events.SingleOrDefault(seen => seen.Type == EventType.Policy)?.Policy;
        outcome.Expect(told is null == (expected.Verdict == PolicyVerdict.NotEnforced), $"{flow}: a verdict is {(told is null ? "not " : "")}told, expected {expected}");
        outcome.Expect(
            told is null || told.Value.Rule == (expected.Entry?.Rule?.Number ?? 0), $"{flow}: rule {told?.Rule:x8} is told, expected {expected.Entry?.Rule?.Number:x8}");
        outcome.Expect(
            told is null || told.Value.Flags.HasFlag(PolicyEventFlags.Anybody) == (expected.Entry is not null && expected.Peer == Identity.Unknown),
            $"{flow}: {told?.Flags}, expected {expected}");
        return !byDefault && !byRule;
    }

    private static void Settle(PolicyNode node, Pod pod, uint identity, string app) => node.Put(pod, new Identity(identity), LabelSet.Create(
        [Label.Create("k8s", "app", app), Label.Create("k8s", "tier", "1"), Label.Create("k8s", "io.kubernetes.pod.namespace", "a")]));

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A flow and the program that meets its first packet.</summary>
    private sealed record Attempt(Pod Subject, TrafficDirection Direction, Identity Peer, Segment Packet, Func<byte[], Outcome> Run);
}
