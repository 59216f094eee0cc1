using Microsoft.Extensions.Logging;
using Weft.Control.Conntrack;
using Weft.Control.Controllers;
using Weft.Control.Services;
using Weft.Control.State;
using Weft.Datapath;
using Weft.Datapath.Services;

namespace Weft.Control.Node;

/// <content>Load balancing.</content>
public sealed partial class NodeAgent
{
    /// <summary>How often it is tried again to get a node port that a process has; every other change is an event.</summary>
    private static readonly TimeSpan s_servicesInterval = TimeSpan.FromSeconds(30);

    /// <summary>The cluster's services in the store.</summary>
    public ServiceRegistry ServiceRegistry { get; private set; } = null!;

    /// <summary>What is balanced, as the store tells.</summary>
    public ServiceView ServiceView { get; private set; } = null!;

    /// <summary>What of it the datapath has.</summary>
    public ServiceReconciler Services { get; private set; } = null!;

    /// <summary>Starts to follow the store's services, and waits until the maps have what fits of them.</summary>
    private async Task FollowServicesAsync(StateDirectory state, ConntrackForgetter flows, CancellationToken cancellationToken)
    {
        ServiceView = new ServiceView(Local.Name, _loggers);
        ServiceEntries entries = Own(new ServiceEntries(Kernel.Datapath.Maps));
        DatapathServiceMaps maps = new(entries);
        maps.BackendRemoved += backend => _ = ForgetFlowsAsync(flows, backend);
        Services = new ServiceReconciler(
            ServiceView, maps, new ServiceIds(state.ReadServiceIds(), state.WriteServiceIds),
            () => BoundPorts.Read(), _loggers);
        BackendSocketCloser closer = new(
            Kernel.Datapath.Maps.SockNat, () => Endpoints.Table.All.Select(endpoint => endpoint.Record.NetnsPath), _loggers);
        Services.AddressesChanged += ServiceAddresses.Set;
        Services.BackendsGone += gone => closer.Close([.. gone.Select(DatapathServiceMaps.ValueOf)]);
        ServiceRegistry = new ServiceRegistry(Store, Local.Cluster, _clock);
        Controllers.Start(new ControllerSpec("watch-services", token => ServiceView.FollowServicesAsync(ServiceRegistry, token)));
        Controllers.Start(new ControllerSpec("watch-slices", token => ServiceView.FollowSlicesAsync(ServiceRegistry, token)));
        try
        {
            await ServiceView.Synced.WaitAsync(s_firstSync, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DatapathException(
                $"read services from store {Store.Location}: no answer within {s_firstSync.TotalSeconds} s"
                    + (ServiceView.Failure is { } why ? $": {why}" : ""));
        }

        Controller controller = Controllers.Start(
            new ControllerSpec("sync-services", Services.ReconcileAsync) { Interval = s_servicesInterval });
        try
        {
            await controller.RunNowAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // One service too many is no reason not to start: the controller's status tells, and it tries again.
        }

        ServiceView.Changed += controller.Trigger;
        controller.Trigger();
    }

    private async Task ForgetFlowsAsync(ConntrackForgetter flows, uint backend)
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

    [LoggerMessage(
        EventId = 225, Level = LogLevel.Warning,
        Message = "flows of a backend that is gone not forgotten backend={Backend} until=they expire")]
    private partial void LogFlowsKept(Exception failure, uint backend);
}
