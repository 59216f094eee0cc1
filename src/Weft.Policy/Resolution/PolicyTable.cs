using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>The policy of an endpoint: what its map in the datapath has to hold.</summary>
/// <remarks>Immutable. Endpoints under the same rules share one table.</remarks>
public sealed class PolicyTable
{
    /// <summary>Nothing is enforced.</summary>
    public static readonly PolicyTable Empty = new(DirectionTable.NotEnforced, DirectionTable.NotEnforced);

    internal PolicyTable(DirectionTable ingress, DirectionTable egress)
    {
        Ingress = ingress;
        Egress = egress;
    }

    public DirectionTable Ingress { get; }

    public DirectionTable Egress { get; }

    public int Count => Ingress.Count + Egress.Count;

    /// <summary>In no particular order, none with the key of another.</summary>
    public IEnumerable<PolicyMapEntry> Entries => EntriesOf(TrafficDirection.Ingress).Concat(EntriesOf(TrafficDirection.Egress));

    public DirectionTable this[TrafficDirection direction] => direction == TrafficDirection.Ingress ? Ingress : Egress;

    /// <param name="port">In host byte order; for ICMP the type; null: unknown.</param>
    public PolicyDecision Lookup(TrafficDirection direction, Identity peer, byte protocol, ushort? port) =>
        this[direction].Lookup(peer, protocol, port);

    /// <summary>Entries for one peer, or for any (0).</summary>
    internal ImmutableArray<PolicyEntry> EntriesFor(TrafficDirection direction, Identity peer) =>
        peer == Identity.Unknown ? this[direction].Any : this[direction].Peers.GetValueOrDefault(peer, []);

    private IEnumerable<PolicyMapEntry> EntriesOf(TrafficDirection direction) =>
        this[direction].Any.Select(entry => new PolicyMapEntry(direction, Identity.Unknown, entry))
            .Concat(this[direction].Peers.SelectMany(peer => peer.Value.Select(entry => new PolicyMapEntry(direction, peer.Key, entry))));
}
