using System.Net;

namespace Weft.Datapath.Devices;

/// <summary>An address of a pod and how it reaches everybody else in that family.</summary>
/// <param name="Gateway">The node's router: the datapath answers when the pod asks for its hardware address.</param>
public sealed record PodAddress(IPAddress Address, IPAddress Gateway);
