using Microsoft.Extensions.Logging;
using Weft.Control.Conntrack;
using Weft.Control.Controllers;
using Weft.Control.Node;
using Weft.Control.State;
using Weft.Datapath.Maps;
using Weft.Datapath.Services;
using Weft.Store;

namespace Weft.Control.Services;

/// <summary>The services of a node that runs: what the store says of them, and the loop that brings the datapath there.</summary>
/// <remarks>Disposing closes descriptors; the controllers must have ended.</remarks>
public sealed partial class NodeServices : IDisposable
{
    public const string ControllerName = "sync-services";

    private readonly ServiceEntries _entries;
    private readonly ILogger _log;

    public NodeServices(
        LocalNode node, IStore store, DatapathMaps maps, StateDirectory state, ConntrackForgetter flows, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(flows);
        _log = loggers.CreateLogger<NodeServices>();
        _entries = new ServiceEntries(maps);
        Registry = new ServiceRegistry(store, node.Cluster, clock);
        View = new ServiceView(node.Name, loggers);
        DatapathServiceMaps tables = new(_entries);
        tables.BackendRemoved += id => _ = ForgetAsync(flows, id);
        Reconciler = new ServiceReconciler(
            View, tables, new ServiceIds(state.ReadServiceIds(), state.WriteServiceIds), () => BoundPorts.Read(), loggers);
    }

    public ServiceRegistry Registry { get; }

    public ServiceView View { get; }

    public ServiceReconciler Reconciler { get; }

    /// <summary>From here on the datapath follows the store; completes when it has what the store had.</summary>
    /// <remarks>
    /// A store that does not answer, or a service that cannot be written, holds nothing up: what an agent before left goes on, and the
    /// controllers tell what is wrong and try again.
    /// </remarks>
    public async Task StartAsync(ControllerSet controllers, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(controllers);
        controllers.Start(new ControllerSpec("watch-services", token => View.FollowServicesAsync(Registry, token)));
        controllers.Start(new ControllerSpec("watch-endpoint-slices", token => View.FollowSlicesAsync(Registry, token)));
        Controller sync = controllers.Start(
            new ControllerSpec(ControllerName, Reconciler.ReconcileAsync) { Interval = TimeSpan.FromMinutes(1), RunAtStart = false });
        View.Changed += sync.Trigger;
        try
        {
            await View.Synced.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
            await sync.RunNowAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            LogBehind(error);
        }
    }

    public void Dispose() => _entries.Dispose();

    private async Task ForgetAsync(ConntrackForgetter flows, uint backend)
    {
        try
        {
            await flows.ForgetBackendAsync(backend).ConfigureAwait(false);
        }
        catch (Exception error) // nobody waits for this task
        {
            LogFlowsKept(error, backend);
        }
    }

    [LoggerMessage(EventId = 226, Level = LogLevel.Warning, Message = "node goes on with services that are not all as the store says")]
    private partial void LogBehind(Exception failure);

    [LoggerMessage(
        EventId = 225, Level = LogLevel.Warning,
        Message = "flows of a backend that is gone not forgotten backend={Backend} until=they expire")]
    private partial void LogFlowsKept(Exception failure, uint backend);
}
