using Weft.Control.Records;
using Weft.Control.Services;
using Weft.Lab.State;
using Weft.Lab.Stores;
using Weft.Lab.Topology;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Model.Services.Manifests;
using Weft.Store;

namespace Weft.Lab.Services;

/// <summary>Services and their slices in the store of a lab, where its agents find them: what a cluster's API is elsewhere.</summary>
public sealed class LabManifests
{
    private readonly LabPaths _paths;

    public LabManifests(string lab) => _paths = new LabPaths(lab);

    /// <summary>Backends before the services that need them, so that none is without for a moment.</summary>
    /// <exception cref="LabException">There is no such lab.</exception>
    public async Task<IReadOnlyList<ManifestChange>> ApplyAsync(ServiceManifests manifests, CancellationToken cancellationToken)
    {
        await using IStore store = await OpenAsync("apply manifests to", cancellationToken);
        ServiceRegistry registry = RegistryOf(store);
        List<ManifestChange> changes = [];
        foreach (EndpointSliceRecord slice in manifests.Slices)
        {
            changes.Add(new ManifestChange(ManifestKind.EndpointSlice, slice.Name, ResultOf(await registry.PutAsync(slice, cancellationToken))));
        }

        foreach (ServiceRecord service in manifests.Services)
        {
            changes.Add(new ManifestChange(ManifestKind.Service, service.Name, ResultOf(await registry.PutAsync(service, cancellationToken))));
        }

        return changes;
    }

    /// <summary>Services before their backends. Slices of a service that the manifests do not name go with it.</summary>
    /// <exception cref="LabException">There is no such lab.</exception>
    public async Task<IReadOnlyList<ManifestChange>> DeleteAsync(ServiceManifests manifests, CancellationToken cancellationToken)
    {
        await using IStore store = await OpenAsync("delete manifests from", cancellationToken);
        ServiceRegistry registry = RegistryOf(store);
        ServiceListing before = await registry.ListAsync(cancellationToken);
        List<ManifestChange> changes = [];
        foreach (ServiceRecord service in manifests.Services)
        {
            bool was = await registry.DeleteServiceAsync(service.Name, cancellationToken);
            changes.Add(new ManifestChange(ManifestKind.Service, service.Name, was ? ManifestResult.Deleted : ManifestResult.NotFound));
        }

        foreach (EndpointSliceRecord slice in manifests.Slices)
        {
            // One that went with its service was there too.
            bool was = before.Slices.Any(there => there.Name == slice.Name);
            await registry.DeleteSliceAsync(slice.Name, cancellationToken);
            changes.Add(new ManifestChange(ManifestKind.EndpointSlice, slice.Name, was ? ManifestResult.Deleted : ManifestResult.NotFound));
        }

        return changes;
    }

    private async Task<IStore> OpenAsync(string attempt, CancellationToken cancellationToken)
    {
        LabDirectory directory = new(_paths.Lab);
        return directory.ReadTopology() is { } topology && (topology.Store != LabStoreKind.Sqlite || File.Exists(_paths.StoreFile))
            ? await LabStore.OpenAsync(_paths, topology, cancellationToken)
            : throw new LabException($"{attempt} lab {_paths.Lab}: it has no store {_paths.StoreFile} ('weft lab up --lab {_paths.Lab}' makes it)");
    }

    private static ServiceRegistry RegistryOf(IStore store) => new(store, ClusterName.Default, TimeProvider.System);

    private static ManifestResult ResultOf(RecordWrite write) => write switch
    {
        RecordWrite.Created => ManifestResult.Created,
        RecordWrite.Changed => ManifestResult.Configured,
        _ => ManifestResult.Unchanged,
    };
}
