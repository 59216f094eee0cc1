using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests;

/// <summary>The actors of these tests: a shop with a web server, its client and its database, and a stranger in another namespace.</summary>
internal static partial class Sample
{
    public static readonly Identity Web = new(1000);
    public static readonly Identity Client = new(1001);
    public static readonly Identity Db = new(1002);
    public static readonly Identity Stranger = new(1003);

    /// <summary>An engine with the actors, all of them subjects, and some policies.</summary>
    public static PolicyEngine Engine(params ReadOnlySpan<string> documents) => Engine(new PolicyOptions(), documents);

    public static PolicyEngine Engine(PolicyOptions options, params ReadOnlySpan<string> documents)
    {
        PolicyEngine engine = new(options);
        Pod(engine, Web, "shop", "k8s:app=web", "k8s:tier=front");
        Pod(engine, Client, "shop", "k8s:app=client");
        Pod(engine, Db, "shop", "k8s:app=db");
        Pod(engine, Stranger, "other", "k8s:app=client");
        engine.PutNamespace(new PolicyNamespace("shop", ImmutableSortedDictionary<string, string>.Empty.Add("team", "sales")));
        foreach (string document in documents)
        {
            foreach (PolicyDocument policy in Read(document).Policies)
            {
                engine.PutPolicy(policy);
            }
        }

        engine.Resolve();
        return engine;
    }

    public static void Pod(PolicyEngine engine, Identity identity, string space, params ReadOnlySpan<string> labels)
    {
        engine.PutIdentity(identity, LabelSet.Parse([.. labels, $"k8s:io.kubernetes.pod.namespace={space}"]));
        engine.AddSubject(identity);
    }

    public static PolicyVerdict Ingress(this PolicyEngine engine, Identity to, Identity from, ushort? port, byte protocol = Protocols.Tcp) =>
        engine.TableOf(to).Lookup(TrafficDirection.Ingress, from, protocol, port).Verdict;

    public static PolicyVerdict Egress(this PolicyEngine engine, Identity from, Identity to, ushort? port, byte protocol = Protocols.Tcp) =>
        engine.TableOf(from).Lookup(TrafficDirection.Egress, to, protocol, port).Verdict;
}
