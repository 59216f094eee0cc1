using System.Net;

namespace Weft.Lab.Topology;

/// <summary>A node as the topology states it.</summary>
/// <param name="Address">On the underlay.</param>
/// <param name="PodCidr">Where its pods' addresses come from.</param>
public sealed record NodeSpec(string Name, IPAddress Address, IPNetwork PodCidr);
