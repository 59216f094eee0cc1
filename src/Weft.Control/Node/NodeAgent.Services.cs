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

    /// <summary>What is balanced, as the store tells.</summary>
    public ServiceView ServiceView { get; private set; } = null!;

    /// <summary>What of it the datapath has.</summary>
    public ServiceReconciler Services { get; private set; } = null!;

    /// <summary>Starts to follow the store's services, and waits until the maps have what fits of them.</summary>
    /// <remarks>Before the first run that marks addresses as services': a restart must not take the marks away for a moment.</remarks>
    private async Task FollowServicesAsync(StateDirectory state, CancellationToken cancellationToken)
    {
        ServiceView = new ServiceView(Local.Name, _loggers);
        ServiceEntries entries = Own(new ServiceEntries(Kernel.Datapath.Maps));
        Services = new ServiceReconciler(
            ServiceView, new DatapathServiceMaps(entries), new ServiceIds(state.ReadServiceIds(), state.WriteServiceIds),
            () => BoundPorts.Read(), _loggers);
        Services.AddressesChanged += ServiceAddresses.Set;
        ServiceRegistry registry = new(Store, Local.Cluster, _clock);
        Controllers.Start(new ControllerSpec("watch-services", token => ServiceView.FollowServicesAsync(registry, token)));
        Controllers.Start(new ControllerSpec("watch-slices", token => ServiceView.FollowSlicesAsync(registry, token)));
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
}
