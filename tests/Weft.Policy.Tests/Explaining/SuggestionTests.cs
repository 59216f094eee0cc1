using System.Diagnostics;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;
using Weft.Policy.Tests.Oracle;

namespace Weft.Policy.Tests.Explaining;

/// <summary>In random worlds: explanations agree with the oracle, suggested documents flip their flow and no other.</summary>
public sealed class SuggestionTests
{
    private const int FewestDocuments = 100;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(8);

    private static readonly (byte Protocol, ushort Port)[] s_ports =
        [(6, 80), (6, 81), (6, 443), (6, 1000), (6, 8080), (6, 53), (17, 80), (17, 53), (132, 80), (1, 8), (1, 0), (58, 128), (47, 0)];

    [Fact]
    public void A_suggested_document_flips_its_flow_and_no_other()
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_SEED") is { } given ? int.Parse(given, null) : Random.Shared.Next();
        Random random = new(seed);
        Stopwatch watch = Stopwatch.StartNew();
        (int Denied, int Documents, int Clusterwide, int Rules) seen = default;
        for (int run = 0; watch.Elapsed < s_time || seen.Documents < FewestDocuments; run++)
        {
            RandomWorld world = new(random);
            PolicyEngine engine = new();
            for (int i = 0; i < 60; i++)
            {
                world.Step(engine);
            }

            engine.Resolve();
            PolicyExplainer explainer = new(engine);
            for (int i = 0; i < 25; i++)
            {
                RawFlow raw = world.Flow();
                PolicyFlow flow = new(EngineOracleTests.IdentityOf(engine, raw.Source), EngineOracleTests.IdentityOf(engine, raw.Destination), raw.Protocol, raw.Port);
                FlowExplanation why = explainer.Why(flow);
                string where = $"seed {seed}, run {run}: {raw}\n{why.Describe("source", "destination")}\n{string.Join('\n', world.Policies.Values.Select(RawYaml.Of))}";
                Assert.True(world.Oracle.Allows(raw) == why.IsAllowed, where);
                if (why.IsAllowed)
                {
                    continue;
                }

                seen.Denied++;
                seen.Rules += why.Suggestion!.ToChange.IsEmpty ? 0 : 1;
                if (why.Suggestion.Yaml is { } yaml)
                {
                    seen.Documents++;
                    seen.Clusterwide += yaml.Contains("Clusterwide", StringComparison.Ordinal) ? 1 : 0;
                    AssertFlipsOnly(engine, flow, PolicyReader.Parse(yaml, yaml).Policies, where);
                }
                else
                {
                    // The only reasons not to have one are a deny rule, and what no rule can name.
                    Assert.True(!why.Suggestion.ToChange.IsEmpty || flow.Protocol == 47, where);
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {seen.Denied} denied flows, {seen.Documents} with a document ({seen.Clusterwide} clusterwide), {seen.Rules} by a deny rule");
    }

    private static void AssertFlipsOnly(PolicyEngine engine, PolicyFlow flow, IEnumerable<PolicyDocument> documents, string where)
    {
        PolicyEngine other = engine.Copy();
        foreach (PolicyDocument document in documents)
        {
            Assert.DoesNotContain(document.Name, engine.Policies.Select(policy => policy.Name));
            other.PutPolicy(document);
        }

        other.Resolve();
        Identity[] identities = [.. engine.Identities.Select(identity => identity.Id)];
        Assert.Equal(identities.Order(), other.Identities.Select(identity => identity.Id).Order());
        List<string> changed = [];
        foreach (Identity source in identities)
        {
            foreach (Identity destination in identities)
            {
                foreach ((byte protocol, ushort port) in s_ports.Append((flow.Protocol, flow.Port)).Distinct())
                {
                    PolicyFlow one = new(source, destination, protocol, port);
                    if (Allows(engine, one) != Allows(other, one))
                    {
                        changed.Add($"{one}");
                    }
                }
            }
        }

        Assert.True(changed is [var only] && only == $"{flow}", $"{where}\nchanged: {string.Join(", ", changed)}");
    }

    private static bool Allows(PolicyEngine engine, PolicyFlow flow) =>
        engine.TableOf(flow.Source).Lookup(TrafficDirection.Egress, flow.Destination, flow.Protocol, flow.Port).IsAllowed
        && engine.TableOf(flow.Destination).Lookup(TrafficDirection.Ingress, flow.Source, flow.Protocol, flow.Port).IsAllowed;
}
