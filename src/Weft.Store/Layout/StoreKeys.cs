using System.Globalization;
using System.Net;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Store.Layout;

/// <summary>Where each kind of record is in the store. The version in a key changes when old agents could not read the record.</summary>
public static class StoreKeys
{
    /// <summary>IdentityRecord by number.</summary>
    public const string Identities = "weft/state/identities/v1/id/";

    private const string IdentityLabels = "weft/state/identities/v1/labels/";
    /// <summary>Uses of identities by all nodes of all clusters; the last part of a key is the number.</summary>
    public const string IdentityUses = "weft/state/identities/v1/use/";

    /// <summary>NodeRecord by name, permanent: a node's packets flow while its agent is down.</summary>
    public static string Nodes(ClusterName cluster) => $"weft/state/nodes/v1/{cluster}/";

    public static string Node(ClusterName cluster, NodeName node) => Nodes(cluster) + node;

    /// <summary>Instance of the agent that runs for the node, leased: it vanishes when the agent dies.</summary>
    public static string Alive(ClusterName cluster, NodeName node) => $"weft/state/alive/v1/{cluster}/{node}";

    /// <summary>Name of the operator that acts, leased.</summary>
    public static string Leader(ClusterName cluster) => $"weft/state/leader/v1/{cluster}";

    /// <summary>PodCidrClaim by node, permanent.</summary>
    public static string PodCidrClaims(ClusterName cluster) => $"weft/state/podcidrs/v1/{cluster}/";

    public static string PodCidrClaim(ClusterName cluster, NodeName node) => PodCidrClaims(cluster) + node;

    /// <summary>AddressRecord by address.</summary>
    public static string Addresses(ClusterName cluster) => $"weft/state/ip/v1/{cluster}/";

    /// <summary>A single address is written without its length.</summary>
    public static string Address(ClusterName cluster, IPNetwork prefix)
    {
        bool single = prefix.PrefixLength == prefix.BaseAddress.GetAddressBytes().Length * 8;
        return Addresses(cluster) + (single ? prefix.BaseAddress.ToString() : prefix.ToString());
    }

    /// <summary>ServiceRecord by namespace and name, permanent.</summary>
    public static string Services(ClusterName cluster) => $"weft/state/services/v1/{cluster}/";

    public static string Service(ClusterName cluster, ResourceName service) => Services(cluster) + service;

    /// <summary>EndpointSliceRecord by namespace and name, permanent.</summary>
    public static string EndpointSlices(ClusterName cluster) => $"weft/state/endpointslices/v1/{cluster}/";

    public static string EndpointSlice(ClusterName cluster, ResourceName slice) => EndpointSlices(cluster) + slice;

    /// <summary>PolicyRecord by kind, namespace and name, permanent.</summary>
    public static string Policies(ClusterName cluster) => $"weft/state/policies/v1/{cluster}/";

    public static string Policy(ClusterName cluster, string kind, string @namespace, string name) =>
        $"{Policies(cluster)}{kind}/{@namespace}/{name}";

    /// <summary>NamespaceRecord by name, permanent.</summary>
    public static string Namespaces(ClusterName cluster) => $"weft/state/namespaces/v1/{cluster}/";

    public static string Namespace(ClusterName cluster, string name) => Namespaces(cluster) + name;

    public static string Identity(Identity identity) => Identities + identity.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of the identity of these labels: the record that decides.</summary>
    public static string IdentityOf(LabelSet labels) => IdentityLabels + labels.Canonical;

    /// <summary>The identities that endpoints of this node have, one key each; an identity without any use may be collected.</summary>
    public static string UsesOf(ClusterName cluster, NodeName node) => $"{IdentityUses}{cluster}/{node}/";

    public static string Use(ClusterName cluster, NodeName node, Identity identity) =>
        UsesOf(cluster, node) + identity.Value.ToString(CultureInfo.InvariantCulture);
}
