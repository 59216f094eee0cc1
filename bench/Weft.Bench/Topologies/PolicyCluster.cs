using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;

namespace Weft.Bench.Topologies;

/// <summary>A cluster of 100 namespaces with 100 identities and 10 policies each, and what it is to an engine.</summary>
internal sealed class PolicyCluster
{
    private const int Spaces = 100;
    private const int PerSpace = 100;

    /// <summary>As many tiers has a namespace, and a policy each.</summary>
    private const int Tiers = 10;

    private const uint FirstIdentity = 1000;

    /// <summary>Behind all others.</summary>
    private const uint FirstNewcomer = 30_000;

    private readonly List<PolicyDocument> _policies = [.. Enumerable.Range(0, Spaces).SelectMany(space => Read(PoliciesOf(space)))];
    private uint _newcomers;

    public static int Identities => Spaces * PerSpace;

    public static int Policies => Spaces * Tiers;

    /// <summary>Every identity and policy, not worked out yet.</summary>
    /// <param name="subjects">Whose tables are kept.</param>
    public PolicyEngine Fill(IEnumerable<Identity> subjects)
    {
        PolicyEngine engine = new();
        for (int number = 0; number < Identities; number++)
        {
            engine.PutIdentity(At(number), LabelsOf(number / PerSpace, number % PerSpace));
        }

        for (int space = 0; space < Spaces; space++)
        {
            engine.PutNamespace(new PolicyNamespace(NameOf(space), ImmutableSortedDictionary<string, string>.Empty.Add("team", $"t{space % Tiers}")));
        }

        foreach (Identity subject in subjects)
        {
            engine.AddSubject(subject);
        }

        _policies.ForEach(engine.PutPolicy);
        return engine;
    }

    /// <summary>As many identities as asked for, in as many namespaces as there are.</summary>
    public static IEnumerable<Identity> Some(int count) =>
        Enumerable.Range(0, count).Select(number => At((number % Spaces * PerSpace) + (number / Spaces)));

    /// <summary>An identity that nobody has yet comes into one of the namespaces.</summary>
    public void AddNewcomer(PolicyEngine engine)
    {
        uint number = _newcomers++;
        engine.PutIdentity(new Identity(FirstNewcomer + number), LabelSet.Parse(
            ["k8s:app=new", $"k8s:version=n{number}", $"k8s:tier=t{number % Tiers}", $"k8s:io.kubernetes.pod.namespace={NameOf((int)number % Spaces)}"]));
    }

    /// <summary>The policies of a text, by the reader that an agent has.</summary>
    public static IEnumerable<PolicyDocument> Read(string text) => PolicyReader.Parse(text, "bench").Policies;

    private static Identity At(int number) => new((uint)(FirstIdentity + number));

    private static string NameOf(int space) => string.Create(CultureInfo.InvariantCulture, $"ns{space}");

    private static LabelSet LabelsOf(int space, int number) => LabelSet.Parse(
        [$"k8s:app=app{number}", $"k8s:tier=t{number % Tiers}", $"k8s:version=v{number % 3}", $"k8s:io.kubernetes.pod.namespace={NameOf(space)}"]);

    /// <summary>A tier is called by two others of its namespace and by its like of ten namespaces, and calls one namespace and addresses outside.</summary>
    private static string PoliciesOf(int space)
    {
        StringBuilder text = new();
        for (int tier = 0; tier < Tiers; tier++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: tier{{tier}}, namespace: {{NameOf(space)}} }
                spec:
                  podSelector: { matchLabels: { tier: t{{tier}} } }
                  policyTypes: [Ingress, Egress]
                  ingress:
                  - from:
                    - podSelector: { matchExpressions: [{ key: tier, operator: In, values: [t{{(tier + 1) % Tiers}}, t{{(tier + 2) % Tiers}}] }] }
                    - namespaceSelector: { matchLabels: { team: t{{tier}} } }
                      podSelector: { matchLabels: { tier: t{{tier}} } }
                    ports: [{ port: 80 }, { port: 443 }, { port: 8000, endPort: 8100 }]
                  egress:
                  - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{NameOf((space + 1) % Spaces)}} } } }]
                  - to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.{{space}}.0.0/16] } }]
                """);
        }

        return text.ToString();
    }
}
