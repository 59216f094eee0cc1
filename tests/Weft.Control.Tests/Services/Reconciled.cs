using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Services;
using Weft.Control.State;
using Weft.Model.Services;
using Weft.Services;
using Weft.Store;
using Weft.Store.Following;

namespace Weft.Control.Tests.Services;

/// <summary>A reconciler with a view that is fed by hand, over tables that outlive it.</summary>
internal sealed class Reconciled
{
    private readonly ServiceView _view = new(Sample.Here, NullLoggerFactory.Instance);
    private readonly Saved _saved;

    private Reconciled(FakeServiceMaps maps, Saved saved)
    {
        Maps = maps;
        _saved = saved;
        Reconciler = new ServiceReconciler(
            _view, maps, new ServiceIds(saved.Ids, ids => saved.Ids = ids), () => BoundPorts.Read(ProcNet), NullLoggerFactory.Instance);
        Reconciler.AddressesChanged += addresses => Addresses = [.. addresses.Select(a => a.ToString()).Order(StringComparer.Ordinal)];
        Reconciler.BackendsGone += backends => Gone.AddRange(backends.Select(b => b.ToString()));
    }

    public FakeServiceMaps Maps { get; }

    public ServiceReconciler Reconciler { get; }

    public string[] Addresses { get; private set; } = [];

    public List<string> Gone { get; } = [];

    public string ProcNet { get; set; } = "/nonexistent";

    public ServiceTable Table => _view.Table;

    public static Reconciled New() => new(new FakeServiceMaps(), new Saved());

    /// <summary>Another agent over the same tables, which knows nothing of services yet.</summary>
    public Reconciled Restarted() => new(Maps, _saved);

    public Task PutAsync(ServiceRecord service, long created = 1) =>
        _view.FollowAsync(Steps(new RecordEvent<ServiceRecord>(RecordEventKind.Put, Record: service, Created: new Revision(created))));

    public Task PutAsync(EndpointSliceRecord slice) =>
        _view.FollowAsync(Steps(new RecordEvent<EndpointSliceRecord>(RecordEventKind.Put, Record: slice)));

    public Task RemoveAsync(ServiceRecord service) =>
        _view.FollowAsync(Steps(new RecordEvent<ServiceRecord>(RecordEventKind.Removed, Record: service)));

    public Task RemoveAsync(EndpointSliceRecord slice) =>
        _view.FollowAsync(Steps(new RecordEvent<EndpointSliceRecord>(RecordEventKind.Removed, Record: slice)));

    public async Task SyncAsync()
    {
        await _view.FollowAsync(Steps(new RecordEvent<ServiceRecord>(RecordEventKind.Synced)));
        await _view.FollowAsync(Steps(new RecordEvent<EndpointSliceRecord>(RecordEventKind.Synced)));
    }

    /// <summary>What the run could not write; null: all is as wanted.</summary>
    public async Task<string?> RunAsync()
    {
        await SyncAsync();
        try
        {
            await Reconciler.ReconcileAsync(CancellationToken.None);
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    /// <summary>`10.96.0.10:80/TCP #1 [10.0.1.7:8080/TCP] []`, a line a frontend.</summary>
    public string Written() => string.Join('\n', Maps.Frontends.Values.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal)
        .Select(f => $"{f.Key} #{f.Id} [{Backends(f.Internal)}] [{Backends(f.External)}]"));

    public string Backends(IEnumerable<uint> ids) => string.Join(' ', ids.Select(id => Maps.Backends[id]));

    private static async IAsyncEnumerable<T> Steps<T>(T step)
    {
        await Task.CompletedTask;
        yield return step;
    }

    private sealed class Saved
    {
        public ServiceIdState? Ids { get; set; }
    }
}
