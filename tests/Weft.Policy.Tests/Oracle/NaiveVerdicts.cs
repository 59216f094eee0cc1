using System.Globalization;
using System.Net;

namespace Weft.Policy.Tests.Oracle;

/// <summary>
/// Says of one flow at a time whether policies allow it, rule by rule, from the words of the Kubernetes and Cilium APIs. Slow on
/// purpose, and made of nothing that the engine is made of, the reader of documents included.
/// </summary>
internal sealed class NaiveVerdicts(
    IReadOnlyCollection<RawPolicy> policies, IReadOnlyDictionary<string, Dictionary<string, string>> namespaces, IReadOnlyCollection<RawTargets> services)
{
    private const string NamespaceKey = "io.kubernetes.pod.namespace";
    private const string NamespaceLabels = "io.cilium.k8s.namespace.labels.";

    public bool Allows(RawFlow flow) => AllowsEgress(flow) && AllowsIngress(flow);

    public bool AllowsEgress(RawFlow flow) => !IsEndpoint(flow.Source) || Allows(flow, flow.Source, flow.Destination, isIngress: false);

    public bool AllowsIngress(RawFlow flow) => !IsEndpoint(flow.Destination) || Allows(flow, flow.Destination, flow.Source, isIngress: true);

    /// <summary>Nodes have a firewall of their own, and addresses have no endpoint here.</summary>
    private static bool IsEndpoint(RawPeer peer) => peer.IsPod || peer.Reserved is ["health"] or ["init"];

    private bool Allows(RawFlow flow, RawPeer subject, RawPeer peer, bool isIngress)
    {
        bool isRestricted = false;
        bool isAllowed = isIngress && peer.Reserved.Contains("host");
        foreach (RawPolicy policy in policies)
        {
            if (policy.PodSelector is { } pods)
            {
                bool concerns = isIngress
                    ? policy.PolicyTypes is not { Length: > 0 } || policy.PolicyTypes.Contains("Ingress")
                    : policy.PolicyTypes is { Length: > 0 } ? policy.PolicyTypes.Contains("Egress") : policy.Egress is { Count: > 0 };
                if (concerns && subject.Namespace == policy.Namespace && PodMatches(pods, subject))
                {
                    isRestricted = true;
                    isAllowed |= ((isIngress ? policy.Ingress : policy.Egress) ?? []).Any(rule => Allows(rule, policy, flow, peer));
                }
            }

            foreach (RawCiliumSpec spec in policy.Specs.Where(spec => Selects(spec, policy, subject)))
            {
                List<RawCiliumRule> allow = (isIngress ? spec.Ingress : spec.Egress) ?? [];
                List<RawCiliumRule> deny = (isIngress ? spec.IngressDeny : spec.EgressDeny) ?? [];
                if (deny.Any(rule => Matches(rule, spec, policy, flow, peer)))
                {
                    return false;
                }

                isRestricted |= (isIngress ? spec.DefaultDenyIngress : spec.DefaultDenyEgress) ?? allow.Count + deny.Count > 0;
                isAllowed |= allow.Any(rule => Matches(rule, spec, policy, flow, peer));
            }
        }

        // A deny rule of a later policy was not seen yet when an earlier one allowed: it returned above, whatever the order.
        return isAllowed || !isRestricted;
    }

    private bool Allows(RawKubernetesRule rule, RawPolicy policy, RawFlow flow, RawPeer peer)
    {
        bool hasPeer = rule.Peers is not { Count: > 0 } || rule.Peers.Any(wanted => wanted.Block is { } block
            ? IsIn(block, peer)
            : peer.IsPod
                && (wanted.Namespaces is { } spaces ? NamespaceMatches(spaces, peer.Namespace!) : peer.Namespace == policy.Namespace)
                && (wanted.Pods is null || PodMatches(wanted.Pods, peer)));
        return hasPeer && (rule.Ports is not { Count: > 0 } || rule.Ports.Any(port => PortMatches(port, port.Protocol ?? "TCP", flow, zeroIsAll: false)));
    }

    private bool Selects(RawCiliumSpec spec, RawPolicy policy, RawPeer subject) =>
        (policy.Namespace is null || subject.Namespace == policy.Namespace) && LabelsMatch(spec.Endpoints, subject);

    private bool Matches(RawCiliumRule rule, RawCiliumSpec spec, RawPolicy policy, RawFlow flow, RawPeer peer)
    {
        bool hasPorts = rule.Ports is { Count: > 0 } || rule.Icmps is { Count: > 0 };
        if (hasPorts
            && !(rule.Ports ?? []).Any(port => PortMatches(port, port.Protocol ?? "ANY", flow, zeroIsAll: true))
            && !(rule.Icmps ?? []).Any(icmp => flow.Protocol == (icmp.Family == "IPv6" ? 58 : 1) && flow.Port == icmp.Type))
        {
            return false;
        }

        if (rule is { Endpoints: null, Cidrs: null, CidrSets: null, Entities: null, Services: null })
        {
            // "If omitted or empty, the member will have no effect on the rule": ports alone mean any peer, nothing at all means nobody.
            return hasPorts;
        }

        return (rule.Endpoints ?? []).Any(selector => EndpointMatches(selector, spec, policy, peer))
            || (rule.Cidrs ?? []).Any(cidr => IsIn(new RawBlock(cidr, []), peer))
            || (rule.CidrSets ?? []).Any(block => IsIn(block, peer))
            || (rule.Entities ?? []).Any(entity => EntityMatches(entity, peer))
            || (rule.Services ?? []).Any(name => services.Any(service => service.Namespace == "a" && service.Name == name && IsBehind(service, peer)));
    }

    private static bool IsBehind(RawTargets service, RawPeer peer) => service.PodLabels.Count > 0
        ? peer.Namespace == service.Namespace && service.PodLabels.All(label => peer.Labels.GetValueOrDefault(label.Key) == label.Value)
        : peer.Address is not null && service.Addresses.Contains(peer.Address.ToString());

    private bool EndpointMatches(RawSelector selector, RawCiliumSpec spec, RawPolicy policy, RawPeer peer)
    {
        List<string> keys = [.. selector.Conditions.Select(condition => condition.Key)];
        bool speaksOfReserved = keys.Any(key => key.StartsWith("reserved:", StringComparison.Ordinal));
        bool speaksOfNamespace = keys.Any(key => Bare(key) == NamespaceKey);
        bool speaksOfNamespaceLabels = keys.Any(key => Bare(key).StartsWith(NamespaceLabels, StringComparison.Ordinal));
        bool selectsInit = spec.Endpoints.Conditions.Any(condition => condition.Key == "reserved:init");
        bool isInScope = speaksOfReserved || speaksOfNamespace
            || (policy.Namespace is null ? selectsInit || peer.IsPod : speaksOfNamespaceLabels || peer.Namespace == policy.Namespace);
        return isInScope && LabelsMatch(selector, peer);
    }

    private static string Bare(string key) => key.Replace("k8s:", "", StringComparison.Ordinal).Replace("any:", "", StringComparison.Ordinal);

    private static bool EntityMatches(string entity, RawPeer peer) => entity switch
    {
        "all" => true,
        "world" => peer.Address is not null || peer.Reserved.Contains("world"),
        "cluster" => peer.Address is null && !peer.Reserved.Contains("world"),
        _ => peer.Reserved.Contains(entity),
    };

    /// <summary>CIDRs mean addresses outside the cluster.</summary>
    private static bool IsIn(RawBlock block, RawPeer peer) => peer.Address is { } address
        && IPNetwork.Parse(block.Cidr).Contains(address) && !block.Except.Any(except => IPNetwork.Parse(except).Contains(address));

    private static bool PortMatches(RawPort port, string protocol, RawFlow flow, bool zeroIsAll)
    {
        bool isProtocol = protocol switch
        {
            "TCP" => flow.Protocol == 6,
            "UDP" => flow.Protocol == 17,
            "SCTP" => flow.Protocol == 132,
            _ => flow.Protocol is 6 or 17 or 132,
        };
        if (!isProtocol || port.Port is null)
        {
            return isProtocol;
        }

        if (!int.TryParse(port.Port, NumberStyles.None, CultureInfo.InvariantCulture, out int first))
        {
            return flow.Destination.Ports.Any(named => named.Name == port.Port && named.Protocol == flow.Protocol && named.Port == flow.Port);
        }

        return (zeroIsAll && first == 0) || (flow.Port >= first && flow.Port <= (port.EndPort ?? first));
    }

    private static bool PodMatches(RawSelector selector, RawPeer peer) =>
        selector.Conditions.All(c => Holds(c.Operator, c.Values, peer.Labels.TryGetValue(c.Key, out string? value) ? [value] : []));

    private bool NamespaceMatches(RawSelector selector, string space) =>
        selector.Conditions.All(c => Holds(c.Operator, c.Values, LabelsOf(space).TryGetValue(c.Key, out string? value) ? [value] : []));

    private Dictionary<string, string> LabelsOf(string space) =>
        new(namespaces.GetValueOrDefault(space) ?? []) { ["kubernetes.io/metadata.name"] = space };

    private bool LabelsMatch(RawSelector selector, RawPeer peer)
    {
        List<(string Source, string Key, string Value)> labels =
            [.. peer.Labels.Select(l => ("k8s", l.Key, l.Value)), .. peer.Reserved.Select(r => ("reserved", r, ""))];
        if (peer.Address is not null)
        {
            labels.Add(("reserved", "world", ""));
        }

        if (peer.Namespace is { } space)
        {
            labels.Add(("k8s", NamespaceKey, space));
            labels.AddRange(LabelsOf(space).Select(l => ("k8s", NamespaceLabels + l.Key, l.Value)));
        }

        return selector.Conditions.All(c =>
        {
            int colon = c.Key.IndexOf(':', StringComparison.Ordinal);
            string source = colon < 0 ? "any" : c.Key[..colon];
            string key = c.Key[(colon + 1)..];
            return Holds(c.Operator, c.Values, [.. labels.Where(l => l.Key == key && (source == "any" || l.Source == source)).Select(l => l.Value)]);
        });
    }

    private static bool Holds(string op, string[] wanted, string[] found) => op switch
    {
        "=" or "In" => found.Any(wanted.Contains),
        "NotIn" => !found.Any(wanted.Contains),
        "Exists" => found.Length > 0,
        _ => found.Length == 0,
    };
}
