using System.Collections.Immutable;
using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>What a text of manifests says of services.</summary>
/// <param name="Warnings">What is left out, and why: valid for Kubernetes, but nothing to balance.</param>
public sealed record ServiceManifests(
    ImmutableArray<ServiceRecord> Services, ImmutableArray<EndpointSliceRecord> Slices, ImmutableArray<DocumentError> Warnings);
