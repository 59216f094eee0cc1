using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Datapath.Policy;

/// <summary>A table that endpoints are to have.</summary>
/// <param name="Touched">
/// Where the table can differ from the one that all these endpoints have; null: anywhere, or they have different ones.
/// </param>
public sealed record PolicyTableUpdate(
    PolicyTable Table, IReadOnlyCollection<EndpointId> Endpoints, IReadOnlyCollection<(TrafficDirection Direction, Identity Peer)>? Touched = null)
{
    /// <summary>A change of more peers than these is a swap: one by one it would take long, and some peers would wait for it.</summary>
    private const int MostInPlace = 64;

    /// <summary>The same with what a run of the engine says of how the table came about.</summary>
    public static PolicyTableUpdate Of(PolicyTable table, IReadOnlyCollection<EndpointId> endpoints, PolicyChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        TableChange[] ways = [.. changes.Tables.Where(change => change.After == table)];
        HashSet<(TrafficDirection, Identity)>? touched = ways is [{ ChangesEnforcement: false } only]
            ? [.. only.Written.Concat(only.Deleted).Select(entry => (entry.Direction, entry.Peer))]
            : null;
        return new PolicyTableUpdate(table, endpoints, touched?.Count <= MostInPlace ? touched : null);
    }
}
