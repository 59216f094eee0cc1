using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Policy.Reading;

/// <summary>The fields that a section may have, and those that the API has but nobody here can do what they ask.</summary>
/// <param name="Refused">By name, why the field is refused.</param>
internal sealed record FieldNames(ImmutableArray<string> Known, FrozenDictionary<string, string> Refused)
{
    private const string NoProxy = "rules above layer 4 need a proxy, and Weft has none: without it more would be allowed than the document says";
    private const string NoNames = "it needs the answers of DNS servers, which Weft does not watch: write toCIDR or toServices";
    private const string NoCloud = "it needs a cloud provider's groups, which Weft does not know: write CIDRs";
    private const string NoAuthentication = "Weft does not authenticate peers: without that more would be allowed than the document says";
    private const string SameNodes = "all other nodes have one identity (remote-node), so single nodes cannot be told apart: write the entity remote-node, or CIDRs";
    private const string Deprecated = "Cilium removed it: write the condition into the selectors";
    private const string NoGroups = "Weft has no CiliumCIDRGroup: write the CIDRs";

    public static readonly FieldNames Document = Of("apiVersion", "kind", "metadata", "spec", "status");
    public static readonly FieldNames CiliumDocument = Of("apiVersion", "kind", "metadata", "spec", "specs", "status");

    public static readonly FieldNames Metadata = Of(
        "name", "namespace", "labels", "annotations", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "managedFields", "ownerReferences", "finalizers", "selfLink");

    public static readonly FieldNames Selector = Of("matchLabels", "matchExpressions");
    public static readonly FieldNames Expression = Of("key", "operator", "values");
    public static readonly FieldNames NetworkPolicySpec = Of("podSelector", "policyTypes", "ingress", "egress");
    public static readonly FieldNames NetworkIngress = Of("from", "ports");
    public static readonly FieldNames NetworkEgress = Of("to", "ports");
    public static readonly FieldNames NetworkPeer = Of("podSelector", "namespaceSelector", "ipBlock");
    public static readonly FieldNames NetworkPort = Of("protocol", "port", "endPort");
    public static readonly FieldNames Block = Of("cidr", "except");

    public static readonly FieldNames CiliumSpec = Of(
        "endpointSelector", "nodeSelector", "ingress", "ingressDeny", "egress", "egressDeny", "enableDefaultDeny", "labels", "description")
        with { Refused = Reasons(("log", "events of verdicts name the rule that decided, and carry no text of its own")) };

    public static readonly FieldNames DefaultDeny = Of("ingress", "egress");

    public static readonly FieldNames CiliumIngress = Of("fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "toPorts", "icmps")
        with
    {
        Refused = Reasons(("fromRequires", Deprecated), ("fromNodes", SameNodes), ("fromGroups", NoCloud), ("authentication", NoAuthentication)),
    };

    public static readonly FieldNames CiliumEgress = Of("toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toServices", "toPorts", "icmps")
        with
    {
        Refused = Reasons(
            ("toRequires", Deprecated), ("toNodes", SameNodes), ("toGroups", NoCloud), ("toFQDNs", NoNames), ("authentication", NoAuthentication)),
    };

    public static readonly FieldNames CidrSet = Block
        with { Refused = Reasons(("cidrGroupRef", NoGroups), ("cidrGroupSelector", NoGroups)) };

    public static readonly FieldNames ToPorts = Of("ports")
        with
    {
        Refused = Reasons(
            ("rules", NoProxy), ("listener", NoProxy), ("terminatingTLS", NoProxy), ("originatingTLS", NoProxy), ("serverNames", NoProxy)),
    };

    public static readonly FieldNames CiliumPort = Of("port", "endPort", "protocol");
    public static readonly FieldNames Icmps = Of("fields");
    public static readonly FieldNames IcmpField = Of("family", "type");
    public static readonly FieldNames ToService = Of("k8sService", "k8sServiceSelector");
    public static readonly FieldNames ServiceByName = Of("serviceName", "namespace");
    public static readonly FieldNames ServiceByLabels = Of("selector", "namespace");

    private static FieldNames Of(params ReadOnlySpan<string> known) => new([.. known], FrozenDictionary<string, string>.Empty);

    private static FrozenDictionary<string, string> Reasons(params ReadOnlySpan<(string Name, string Reason)> refused) =>
        refused.ToArray().ToFrozenDictionary(field => field.Name, field => field.Reason, StringComparer.Ordinal);
}
