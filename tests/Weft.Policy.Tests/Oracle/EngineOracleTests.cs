using System.Diagnostics;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests.Oracle;

/// <summary>Random policies, pods and flows: the tables' verdicts against the oracle's, and changes against a fresh look.</summary>
public sealed class EngineOracleTests
{
    private const int FewestFlows = 5000;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(8);

    [Fact]
    public void Tables_say_what_the_apis_say_and_changes_lead_where_a_fresh_look_would()
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_SEED") is { } given ? int.Parse(given, null) : Random.Shared.Next();
        Random random = new(seed);
        Stopwatch watch = Stopwatch.StartNew();
        int flows = 0;
        int allowed = 0;
        for (int run = 0; watch.Elapsed < s_time || flows < FewestFlows; run++)
        {
            RandomWorld world = new(random);
            PolicyEngine engine = new();
            Shadow shadow = new(engine);
            for (int step = 0; step < 25; step++)
            {
                for (int changes = random.Next(1, 5); changes > 0; changes--)
                {
                    world.Step(engine);
                }

                string where = $"seed {seed}, run {run}, step {step}";
                shadow.Apply(engine.Resolve());
                shadow.AssertSame(world.Fresh(shadow.Subjects), where);
                NaiveVerdicts oracle = world.Oracle;
                for (int i = 0; i < 40; i++)
                {
                    RawFlow flow = world.Flow();
                    bool expected = oracle.Allows(flow);
                    Assert.True(expected == Allows(engine, flow), $"{where}: {flow} must be {(expected ? "allowed" : "denied")}\n"
                        + string.Join('\n', world.Policies.Values.Select(RawYaml.Of)));
                    flows++;
                    allowed += expected ? 1 : 0;
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {flows} flows, {allowed} of them allowed");
    }

    internal static bool Allows(PolicyEngine engine, RawFlow flow)
    {
        Identity source = IdentityOf(engine, flow.Source);
        Identity destination = IdentityOf(engine, flow.Destination);
        return engine.TableOf(source).Lookup(TrafficDirection.Egress, destination, flow.Protocol, flow.Port).IsAllowed
            && engine.TableOf(destination).Lookup(TrafficDirection.Ingress, source, flow.Protocol, flow.Port).IsAllowed;
    }

    internal static Identity IdentityOf(PolicyEngine engine, RawPeer peer) => peer.Address is { } address ? engine.IdentityOf(address) : new Identity(peer.Id);

    /// <summary>What a datapath would hold that applies nothing but the differences it is told.</summary>
    private sealed class Shadow
    {
        private readonly Dictionary<Identity, Dictionary<(TrafficDirection, Identity, string), string>> _maps = [];

        public Shadow(PolicyEngine engine)
        {
            foreach (uint id in (uint[])[4, 5, .. Enumerable.Range(300, 10).Select(id => (uint)id)])
            {
                engine.AddSubject(new Identity(id));
                _maps.Add(new Identity(id), []);
            }
        }

        public IEnumerable<Identity> Subjects => _maps.Keys;

        public void Apply(PolicyChanges changes)
        {
            foreach (TableChange change in changes.Tables)
            {
                foreach (Identity subject in change.Subjects)
                {
                    foreach (PolicyMapEntry entry in change.Deleted)
                    {
                        Assert.True(_maps[subject].Remove(KeyOf(entry)), $"{entry} was not there");
                    }

                    foreach (PolicyMapEntry entry in change.Written)
                    {
                        _maps[subject][KeyOf(entry)] = $"{entry.Entry} {entry.Entry.Rule?.Rule.Origin.Policy} {entry.Entry.Rule?.Rule.Origin.Path}";
                    }
                }
            }
        }

        public void AssertSame(PolicyEngine fresh, string where)
        {
            foreach ((Identity subject, var map) in _maps)
            {
                List<string> expected = [.. fresh.TableOf(subject).Entries.Select(entry =>
                    $"{KeyOf(entry)} {entry.Entry} {entry.Entry.Rule?.Rule.Origin.Policy} {entry.Entry.Rule?.Rule.Origin.Path}").Order(StringComparer.Ordinal)];
                List<string> held = [.. map.Select(entry => $"{entry.Key} {entry.Value}").Order(StringComparer.Ordinal)];
                Assert.True(expected.SequenceEqual(held), $"{where}, subject {subject}\nmissing:\n  {string.Join("\n  ", expected.Except(held))}\n"
                    + $"too much:\n  {string.Join("\n  ", held.Except(expected))}");
            }
        }

        private static (TrafficDirection, Identity, string) KeyOf(PolicyMapEntry entry) =>
            (entry.Direction, entry.Peer, $"{entry.Entry.Protocol}:{entry.Entry.Port}/{entry.Entry.PortPrefixLength}");
    }
}
