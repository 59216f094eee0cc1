using System.Net;

namespace Weft.Lab.Topology;

/// <summary>A host beyond the underlay, as the topology states it: it knows the nodes, and nothing of pods.</summary>
/// <param name="Address">Its network is its own and the router's: no other host is in it.</param>
/// <param name="Address6">Null: it has none.</param>
public sealed record OutsideSpec(string Name, HostAddress Address, HostAddress? Address6)
{
    /// <summary>The router's address in its network.</summary>
    public IPAddress Router => NetworkRange.FirstFree(Address.Network, [Address.Address])!;

    /// <inheritdoc cref="Router"/>
    public IPAddress? Router6 => Address6 is null ? null : NetworkRange.FirstFree(Address6.Network, [Address6.Address]);
}
