using System.Collections.Immutable;
using Weft.Model.Services;

namespace Weft.Control.Services;

/// <summary>All services and slices of a cluster at one moment.</summary>
/// <param name="Rejected">Values in the store that are neither, each with its key and what is wrong.</param>
public sealed record ServiceListing(
    ImmutableArray<ServiceRecord> Services, ImmutableArray<EndpointSliceRecord> Slices, ImmutableArray<string> Rejected);
