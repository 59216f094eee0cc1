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
    PolicyTable Table, IReadOnlyCollection<EndpointId> Endpoints, IReadOnlyCollection<(TrafficDirection Direction, Identity Peer)>? Touched = null);
