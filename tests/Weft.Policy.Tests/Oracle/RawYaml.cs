using System.Text.Json.Nodes;

namespace Weft.Policy.Tests.Oracle;

/// <summary>Writes raw policies as documents, in JSON, which is YAML.</summary>
internal static class RawYaml
{
    public static string Of(RawPolicy policy)
    {
        JsonObject metadata = new() { ["name"] = policy.Name };
        if (policy.Namespace is not null)
        {
            metadata["namespace"] = policy.Namespace;
        }

        JsonObject document = new()
        {
            ["apiVersion"] = policy.PodSelector is null ? "cilium.io/v2" : "networking.k8s.io/v1",
            ["kind"] = policy.PodSelector is not null ? "NetworkPolicy" : policy.Namespace is null ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
            ["metadata"] = metadata,
        };
        if (policy.PodSelector is not null)
        {
            document["spec"] = Kubernetes(policy);
        }
        else if (policy.Specs.Count == 1)
        {
            document["spec"] = Cilium(policy.Specs[0]);
        }
        else
        {
            document["specs"] = List(policy.Specs, Cilium);
        }

        return document.ToJsonString();
    }

    private static JsonObject Kubernetes(RawPolicy policy) => Fields(
        ("podSelector", Selector(policy.PodSelector!)),
        ("policyTypes", List(policy.PolicyTypes, type => type)),
        ("ingress", List(policy.Ingress, rule => Fields(("from", List(rule.Peers, Peer)), ("ports", List(rule.Ports, Port))))),
        ("egress", List(policy.Egress, rule => Fields(("to", List(rule.Peers, Peer)), ("ports", List(rule.Ports, Port))))));

    private static JsonObject Peer(RawKubernetesPeer peer) => Fields(
        ("podSelector", peer.Pods is null ? null : Selector(peer.Pods)),
        ("namespaceSelector", peer.Namespaces is null ? null : Selector(peer.Namespaces)),
        ("ipBlock", peer.Block is null ? null : Block(peer.Block)));

    private static JsonObject Cilium(RawCiliumSpec spec) => Fields(
        ("endpointSelector", Selector(spec.Endpoints)),
        ("ingress", List(spec.Ingress, rule => Rule(rule, "from"))),
        ("ingressDeny", List(spec.IngressDeny, rule => Rule(rule, "from"))),
        ("egress", List(spec.Egress, rule => Rule(rule, "to"))),
        ("egressDeny", List(spec.EgressDeny, rule => Rule(rule, "to"))),
        ("enableDefaultDeny", Fields(
            ("ingress", spec.DefaultDenyIngress is { } ingress ? ingress : null), ("egress", spec.DefaultDenyEgress is { } egress ? egress : null))));

    private static JsonObject Rule(RawCiliumRule rule, string word) => Fields(
        ($"{word}Endpoints", List(rule.Endpoints, Selector)),
        ($"{word}CIDR", List(rule.Cidrs, cidr => cidr)),
        ($"{word}CIDRSet", List(rule.CidrSets, Block)),
        ($"{word}Entities", List(rule.Entities, entity => entity)),
        ("toServices", List(rule.Services, name => Fields(("k8sService", Fields(("serviceName", name), ("namespace", "a")))))),
        ("toPorts", rule.Ports is null ? null : rule.Ports.Count == 0 ? new JsonArray() : new JsonArray(Fields(("ports", List(rule.Ports, Port))))),
        ("icmps", rule.Icmps is null ? null
            : new JsonArray(Fields(("fields", List(rule.Icmps, icmp => Fields(("family", icmp.Family), ("type", (int)icmp.Type))))))));

    private static JsonObject Selector(RawSelector selector)
    {
        JsonObject labels = [];
        JsonArray expressions = [];
        foreach ((string key, string op, string[] values) in selector.Conditions)
        {
            if (op == "=")
            {
                labels[key] = values[0];
            }
            else
            {
                expressions.Add(Fields(("key", key), ("operator", op), ("values", values.Length == 0 ? null : List(values, value => value))));
            }
        }

        return Fields(("matchLabels", labels.Count == 0 ? null : labels), ("matchExpressions", expressions.Count == 0 ? null : expressions));
    }

    private static JsonObject Block(RawBlock block) =>
        Fields(("cidr", block.Cidr), ("except", block.Except.Length == 0 ? null : List(block.Except, except => except)));

    private static JsonObject Port(RawPort port) => Fields(
        ("protocol", port.Protocol), ("port", port.Port is null ? null : int.TryParse(port.Port, out int number) ? number : port.Port), ("endPort", port.EndPort));

    private static JsonObject Fields(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? value) in fields)
        {
            if (value is not null)
            {
                result[name] = value;
            }
        }

        return result;
    }

    private static JsonArray? List<T>(IEnumerable<T>? items, Func<T, JsonNode?> write) => items is null ? null : new JsonArray([.. items.Select(write)]);
}
