using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>One entry of an endpoint's map in the datapath.</summary>
/// <param name="Peer">0: any.</param>
public readonly record struct PolicyMapEntry(TrafficDirection Direction, Identity Peer, PolicyEntry Entry)
{
    /// <summary>The same key in the map: entries that replace each other.</summary>
    public bool HasSameKey(PolicyMapEntry other) => Direction == other.Direction && Peer == other.Peer && Entry.Block == other.Entry.Block;

    public override string ToString() => $"{Direction} {(Peer == Identity.Unknown ? "any" : Peer.ToString())} {Entry}";
}
