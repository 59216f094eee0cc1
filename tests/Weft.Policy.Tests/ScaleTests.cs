using System.Collections.Immutable;
using System.Diagnostics;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests;

/// <summary>A large cluster: 100 namespaces with 100 identities and 10 policies each.</summary>
public sealed class ScaleTests
{
    private const int Spaces = 100;
    private const int PerSpace = 100;

    /// <summary>Every identity a subject, as no single node has them. Times are told, not judged: see bench/.</summary>
    [Fact]
    public void A_large_cluster_is_resolved_and_one_more_identity_touches_little()
    {
        List<PolicyDocument> policies = [.. Enumerable.Range(0, Spaces).SelectMany(PoliciesOf)];
        Stopwatch watch = Stopwatch.StartNew();
        PolicyEngine engine = new();
        for (int i = 0; i < Spaces * PerSpace; i++)
        {
            engine.PutIdentity(IdAt(i), LabelsOf(i / PerSpace, i % PerSpace));
            engine.AddSubject(IdAt(i));
        }

        for (int space = 0; space < Spaces; space++)
        {
            engine.PutNamespace(new PolicyNamespace($"ns{space}", ImmutableSortedDictionary<string, string>.Empty.Add("team", $"t{space % 10}")));
        }

        policies.ForEach(engine.PutPolicy);
        double put = watch.Elapsed.TotalMilliseconds;
        PolicyChanges first = engine.Resolve();
        double all = watch.Elapsed.TotalMilliseconds;
        int entries = Enumerable.Range(0, Spaces * PerSpace).Sum(i => engine.TableOf(IdAt(i)).Count);

        List<double> times = [];
        PolicyChanges last = first;
        for (int i = 0; i < 20; i++)
        {
            watch.Restart();
            engine.PutIdentity(new Identity((uint)(20_000 + i)), LabelSet.Parse(["k8s:app=new", $"k8s:version=v{i}", "k8s:tier=t3", $"k8s:io.kubernetes.pod.namespace=ns{i}"]));
            last = engine.Resolve();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        watch.Restart();
        engine.PutPolicy(Sample.Read(policies[0].Text.Replace("8100", "8200", StringComparison.Ordinal)).Policies[0]);
        PolicyChanges ofPolicy = engine.Resolve();
        double policy = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(PerSpace / 10, ofPolicy.Tables.Sum(table => table.Subjects.Length));

        watch.Restart();
        FlowExplanation why = new PolicyExplainer(engine).Why(new PolicyFlow(IdAt(5), IdAt(4321), Protocols.Tcp, 80));
        double explain = watch.Elapsed.TotalMilliseconds;
        Assert.NotNull(why.Suggestion?.Yaml);
        watch.Restart();
        DryRunReport dry = PolicyDryRun.Compare(engine, Sample.Read(why.Suggestion.Yaml).Policies, [], []);
        double dryRun = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(1, dry.PairCount);
        TestContext.Current.SendDiagnosticMessage(
            $"{policies.Count} policies, {Spaces * PerSpace} identities, all subjects: {put:F0} ms to put, {all - put:F0} ms to resolve, {first.Tables.Length} tables, "
            + $"{entries / (Spaces * PerSpace)} entries each, {engine.SelectorCount} selectors; an identity more: median {times.Order().ElementAt(10):F2} ms, "
            + $"most {times.Max():F2} ms, {last.Tables.Sum(table => table.Written.Length)} entries in {last.Tables.Length} tables; a policy changed: {policy:F1} ms; a flow explained: {explain:F1} ms; a dry run: {dryRun:F0} ms");
        Assert.True(last.Tables.Sum(table => table.Subjects.Length) < Spaces * PerSpace, "an identity more must not change every table");
        Assert.All(last.Tables, table => Assert.Equal([new Identity(20_019)], table.Written.Select(entry => entry.Peer).Distinct()));
    }

    private static Identity IdAt(int i) => new((uint)(1000 + i));

    private static LabelSet LabelsOf(int space, int i) => LabelSet.Parse(
        [$"k8s:app=app{i}", $"k8s:tier=t{i % 10}", $"k8s:version=v{i % 3}", $"k8s:io.kubernetes.pod.namespace=ns{space}"]);

    private static IEnumerable<PolicyDocument> PoliciesOf(int space) => Enumerable.Range(0, 10).SelectMany(i => Sample.Read(
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: p{{i}}, namespace: ns{{space}} }
        spec:
          podSelector: { matchLabels: { tier: t{{i}} } }
          policyTypes: [Ingress, Egress]
          ingress:
          - from:
            - podSelector: { matchExpressions: [{ key: tier, operator: In, values: [t{{(i + 1) % 10}}, t{{(i + 2) % 10}}] }] }
            - namespaceSelector: { matchLabels: { team: t{{i}} } }
              podSelector: { matchLabels: { tier: t{{i}} } }
            ports: [{ port: 80 }, { port: 443 }, { port: 8000, endPort: 8100 }]
          egress:
          - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ns{{(space + 1) % Spaces}} } } }]
          - to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.{{space}}.0.0/16] } }]
        """).Policies);
}
