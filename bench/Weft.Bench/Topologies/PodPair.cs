using System.Net;
using Weft.Linux;

namespace Weft.Bench.Topologies;

/// <summary>Two pods that can reach each other: where traffic starts and where it goes.</summary>
/// <param name="Client">Namespace of the pod that connects; owned by the topology.</param>
/// <param name="Server">Namespace of the pod that listens; owned by the topology.</param>
internal sealed record PodPair(NetworkNamespace Client, IPAddress ClientAddress, NetworkNamespace Server, IPAddress ServerAddress);
