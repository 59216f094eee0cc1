using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Weft.Control.Records;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Services;

/// <summary>The services of a cluster and the slices with their backends, in the store.</summary>
/// <remarks>People and what stands in for a cluster's API write them; agents only read. The last writer wins.</remarks>
public sealed class ServiceRegistry(IStore store, ClusterName cluster, TimeProvider clock)
{
    private static JsonTypeInfo<ServiceRecord> ServiceType => ModelJsonContext.Default.ServiceRecord;

    private static JsonTypeInfo<EndpointSliceRecord> SliceType => ModelJsonContext.Default.EndpointSliceRecord;

    /// <summary>Every service, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<ServiceRecord>> FollowServicesAsync(CancellationToken cancellationToken) =>
        new RecordFollower<ServiceRecord>(store, StoreKeys.Services(cluster), ServiceType, clock).FollowAsync(cancellationToken);

    /// <summary>Every slice, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<EndpointSliceRecord>> FollowSlicesAsync(CancellationToken cancellationToken) =>
        new RecordFollower<EndpointSliceRecord>(store, StoreKeys.EndpointSlices(cluster), SliceType, clock).FollowAsync(cancellationToken);

    public Task<RecordWrite> PutAsync(ServiceRecord service, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        return RecordWrites.PutAsync(store, StoreKeys.Service(cluster, service.Name), service, ServiceType, cancellationToken);
    }

    public Task<RecordWrite> PutAsync(EndpointSliceRecord slice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return RecordWrites.PutAsync(store, StoreKeys.EndpointSlice(cluster, slice.Name), slice, SliceType, cancellationToken);
    }

    /// <summary>Deletes the service, then its slices. False: there was none.</summary>
    public async Task<bool> DeleteServiceAsync(ResourceName name, CancellationToken cancellationToken)
    {
        bool deleted = await store.DeleteAsync(StoreKeys.Service(cluster, name), expected: null, cancellationToken).ConfigureAwait(false);
        ServiceListing listing = await ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (EndpointSliceRecord slice in listing.Slices.Where(slice => slice.Service == name))
        {
            await DeleteSliceAsync(slice.Name, cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    /// <summary>False: there was none.</summary>
    public Task<bool> DeleteSliceAsync(ResourceName name, CancellationToken cancellationToken) =>
        store.DeleteAsync(StoreKeys.EndpointSlice(cluster, name), expected: null, cancellationToken);

    /// <summary>By name.</summary>
    public async Task<ServiceListing> ListAsync(CancellationToken cancellationToken)
    {
        var rejected = ImmutableArray.CreateBuilder<string>();
        StoreSnapshot services = await store.ListAsync(StoreKeys.Services(cluster), cancellationToken).ConfigureAwait(false);
        StoreSnapshot slices = await store.ListAsync(StoreKeys.EndpointSlices(cluster), cancellationToken).ConfigureAwait(false);
        return new ServiceListing(
            [.. Read(services, ServiceType, rejected).OrderBy(service => service.Name)],
            [.. Read(slices, SliceType, rejected).OrderBy(slice => slice.Name)],
            rejected.ToImmutable());
    }

    private static List<T> Read<T>(StoreSnapshot snapshot, JsonTypeInfo<T> type, ImmutableArray<string>.Builder rejected)
        where T : class
    {
        List<T> records = [];
        foreach (StoreEntry entry in snapshot.Entries)
        {
            if (RecordReader.TryRead(entry, type, out T? record, out string? error))
            {
                records.Add(record);
            }
            else
            {
                rejected.Add(error);
            }
        }

        return records;
    }
}
