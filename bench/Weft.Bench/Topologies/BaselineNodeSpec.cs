using System.Net;

namespace Weft.Bench.Topologies;

/// <param name="Name">At most 8 characters: device names are made of it.</param>
/// <param name="Address">On the underlay, a /24.</param>
/// <param name="Router">On the underlay: the default route.</param>
/// <param name="PodAddresses">Of the pods that the node gets.</param>
/// <param name="PodMtu">Of the pods' default routes, bytes.</param>
internal sealed record BaselineNodeSpec(
    string Name, string NamespaceName, IPAddress Address, IPAddress Router, IPNetwork PodNetwork, IPAddress Gateway, IReadOnlyList<IPAddress> PodAddresses, int PodMtu);
