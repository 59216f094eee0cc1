using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Resolution;
using Weft.Policy.Tests.Oracle;

namespace Weft.Policy.Tests.Explaining;

public sealed class PolicyDryRunTests
{
    [Fact]
    public void A_new_policy_shows_the_pairs_and_connections_that_it_would_cut()
    {
        PolicyEngine engine = Sample.Engine();
        PolicyDocument policy = Sample.Read(Sample.NetworkPolicy(
            "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: client } } }], ports: [{ port: 80 }] }]")).Policies[0];
        PolicyConnection kept = new(new FlowEnd(Sample.Client), new FlowEnd(Sample.Web), Protocols.Tcp, 80);
        PolicyConnection cut = new(new FlowEnd(Sample.Db), new FlowEnd(Sample.Web), Protocols.Tcp, 80);

        DryRunReport report = PolicyDryRun.Compare(engine, [policy], [], [kept, cut]);

        Assert.Equal([cut], report.Connections.Select(change => change.Flow));
        Assert.Contains("1003 -> 1000 80/TCP: allowed -> denied", report.Pairs.Select(change => change.ToString()));
        Assert.Contains("1001 -> 1000 1/TCP (and other ports): allowed -> denied", report.Pairs.Select(change => change.ToString()));
        Assert.DoesNotContain(report.Pairs, change => change.Flow == kept || change.Flow.Source.Identity == Identity.Host || change.Flow.Destination.Identity != Sample.Web);
        Assert.Equal(report.PairCount, report.Pairs.Length);
        Assert.Empty(engine.Policies);
    }

    [Fact]
    public void Addresses_are_followed_to_prefixes_that_only_the_new_policy_names()
    {
        PolicyEngine engine = Sample.Engine();
        PolicyDocument policy = Sample.Read(Sample.Cilium("endpointSelector: {}\nenableDefaultDeny: { egress: false }\negressDeny: [{ toCIDR: [10.0.0.0/8] }]")).Policies[0];

        DryRunReport report = PolicyDryRun.Compare(engine, [policy], [], []);

        Assert.All(report.Pairs, change => Assert.Equal("10.0.0.0/8", $"{change.Flow.Destination}"));
        Assert.Equal([Sample.Web, Sample.Client, Sample.Db], report.Pairs.Select(change => change.Flow.Source.Identity).Distinct());
    }

    [Fact]
    public void A_removed_policy_and_one_that_is_the_same_again_are_told_apart()
    {
        string text = Sample.NetworkPolicy("podSelector: {}");
        PolicyEngine engine = Sample.Engine(text);

        Assert.Equal(0, PolicyDryRun.Compare(engine, Sample.Read(text).Policies, [], []).PairCount);
        Assert.All(PolicyDryRun.Compare(engine, [], engine.Policies.Select(policy => policy.Name), []).Pairs, change => Assert.False(change.WasAllowed));
    }

    /// <summary>In random worlds: exactly the flows are told that the oracle judges differently.</summary>
    [Fact]
    public void The_report_is_what_the_oracle_says()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int run = 0; run < 60; run++)
        {
            RandomWorld world = new(random);
            PolicyEngine engine = new();
            for (int i = 0; i < 50; i++)
            {
                world.Step(engine);
            }

            engine.Resolve();
            RawPolicy added = world.Policy("new");
            List<(RawFlow Raw, PolicyConnection Flow, bool Before)> flows = [.. Enumerable.Range(0, 60).Select(_ => world.Flow())
                .Select(raw => (raw, new PolicyConnection(EndOf(raw.Source), EndOf(raw.Destination), raw.Protocol, raw.Port), world.Oracle.Allows(raw)))];
            DryRunReport report = PolicyDryRun.Compare(engine, [RandomWorld.Document(added)], [], flows.Select(flow => flow.Flow));
            world.Policies["new"] = added;
            List<string> expected = [.. flows.Where(flow => flow.Before != world.Oracle.Allows(flow.Raw)).Select(flow => $"{flow.Flow}")];
            Assert.True(expected.SequenceEqual(report.Connections.Select(change => $"{change.Flow}")), $"seed {seed}, run {run}");
            Assert.True(expected.Count == 0 || report.PairCount > 0, $"seed {seed}, run {run}: connections change, but no pair");
        }
    }

    private static FlowEnd EndOf(RawPeer peer) => peer.Address is { } address
        ? new FlowEnd(Identity.World, Model.Addressing.AddressPrefix.AsPrefix(address)) : new FlowEnd(new Identity(peer.Id));
}
