using System.Net;

namespace Weft.Bench.Topologies;

/// <param name="Name">At most 8 characters: device names are made of it.</param>
/// <param name="Address">On the underlay, a /24.</param>
/// <param name="PodMtu">Of the pod's default route, bytes.</param>
internal sealed record BaselineNodeSpec(
    string Name, string NamespaceName, IPAddress Address, IPNetwork PodNetwork, IPAddress Gateway, IPAddress PodAddress, int PodMtu);
