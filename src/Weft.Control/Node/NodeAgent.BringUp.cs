using Microsoft.Extensions.Logging;
using Weft.Bpf.Links;
using Weft.Control.Addresses;
using Weft.Control.Cluster;
using Weft.Control.Conntrack;
using Weft.Control.Controllers;
using Weft.Control.Endpoints;
using Weft.Control.Health;
using Weft.Control.Identities;
using Weft.Control.Ipam;
using Weft.Control.Monitoring;
using Weft.Control.Nodes;
using Weft.Control.Policy;
using Weft.Control.State;
using Weft.Datapath;
using Weft.Datapath.Devices;
using Weft.Datapath.Events;
using Weft.Datapath.Tracing;
using Weft.Model.Nodes;
using Weft.Netlink;

namespace Weft.Control.Node;

/// <content>The order of the start, which docs/design/agent.md explains.</content>
public sealed partial class NodeAgent
{
    private static readonly TimeSpan s_firstSync = TimeSpan.FromSeconds(10);

    private async Task BringUpAsync(NodeSettings settings, CancellationToken cancellationToken)
    {
        RtNetlink netlink = Own(RtNetlink.Open());
        UnderlayDevice underlay = UnderlayDevice.Find(
            netlink, settings.Device, settings.Address6 is { } address6 ? [settings.Address, address6] : [settings.Address]);
        StateDirectory state = new(settings.StateDirectory);
        Store = Own(await settings.Store.OpenAsync(cancellationToken).ConfigureAwait(false));
        StartOperator(settings);
        settings = await SettleRangesAsync(settings, state, cancellationToken).ConfigureAwait(false);
        (NodeState identity, bool isFirst) = NodeStateReader.Settle(state, settings);
        if (isFirst)
        {
            _undo.Push("forget the node's state", state.Clear);
        }

        Local = Describe(settings, underlay, identity);

        NodeRegistration registration = Own(new NodeRegistration(Store, RecordOf(identity)));
        await registration.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (isFirst)
        {
            _undo.Push("take the node out of the store", () => NodeRegistration.RemoveAsync(
                Store, Local.Cluster, Local.Name, CancellationToken.None));
        }

        Kernel = NodeKernel.Prepare(netlink, Local, settings, _clock, _loggers, _undo);
        Own(Kernel.Dispose);
        InterfaceNames = Own(new InterfaceNames(netlink));
        Pump = Own(new EventPump(Kernel.Datapath.Maps, Events));
        Tracers = new TracerSlots(Kernel.Datapath.Maps.Watched);
        Pools = new AddressPools(
            new AddressPool(Local.PodCidr, Local.Router, _clock),
            Local.PodCidr6 is { } range6 ? new AddressPool(range6, Local.Router6, _clock) : null);
        Identities = Own(new IdentityAllocator(Store, Local.Cluster, Local.Name, _clock));
        AddressRegistry addresses = new(Store, Local.Cluster, Local.Name, Local.PodCidrs, _clock);
        ConntrackForgetter flows = new(Kernel.Conntrack);
        Policy = Own(new NodePolicy(
            settings.Policy, Kernel.Datapath.Maps, Kernel.Endpoints, token => _syncPrefixes(token), _clock, _loggers));
        Endpoints = new EndpointLifecycle(ContextOf(state, addresses, flows));
        Endpoints.Table.Happened += NoticeEndpoint;

        Kernel.WriteHostEntries();
        Func<IReadOnlySet<string>, Task> attachEndpoints = await Endpoints.RestoreAsync(cancellationToken).ConfigureAwait(false);
        await StartServicesAsync(state, flows, cancellationToken).ConfigureAwait(false);
        Controller cluster = await FollowAsync(settings, addresses, cancellationToken).ConfigureAwait(false);
        await StartPolicyAsync(cluster, cancellationToken).ConfigureAwait(false);
        EventPolicy = new EventPolicy(Events, Kernel.Endpoints, Kernel.Switch);

        await attachEndpoints(Kernel.AttachNode(_undo)).ConfigureAwait(false);
        Pump.Start();
        StartRoutes();
        StartControllers(registration, addresses);
        if (settings.CriSocket is { } criSocket)
        {
            StartPodLabels(criSocket);
        }

        await StartDeferredDeletionsAsync(settings, cancellationToken).ConfigureAwait(false);
        await Identities.DropUnusedAsync(cancellationToken).ConfigureAwait(false);
        if (settings.Health)
        {
            Health = Own(new ClusterHealth(HealthSetupOf(registration), settings.HealthInterval));
            await Health.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        (string address, string podCidr, string router) = (Text(Local.Addresses), Text(Local.PodCidrs), Text(Local.Routers));
        LogUp(Local.Name, address, podCidr, router, Kernel.Attachments.Mode, Endpoints.Table.Count);
    }

    /// <summary>Starts to follow the store, and waits until the maps have what it had.</summary>
    private async Task<Controller> FollowAsync(NodeSettings settings, AddressRegistry addresses, CancellationToken cancellationToken)
    {
        Cluster = new ClusterView(Local, _loggers);
        Cluster.NodeChanged += NoticeNode;
        Cluster.AddressChanged += NoticeAddress;
        ClusterReconciler reconciler = new(
            Cluster, Local, settings.NativeCidrs, ServiceAddresses, Policy.Prefixes,
            new DatapathEntries(Kernel.Nodes, Kernel.Ipcache), _clock, _loggers);
        NodeRegistry nodes = new(Store, Local.Cluster, _clock);
        Controllers.Start(new ControllerSpec("watch-nodes", token => Cluster.FollowNodesAsync(nodes, token)));
        Controllers.Start(new ControllerSpec("watch-addresses", token => Cluster.FollowAddressesAsync(addresses, token)));
        Controllers.Start(new ControllerSpec("watch-interfaces", InterfaceNames.FollowAsync));
        try
        {
            await Cluster.Synced.WaitAsync(s_firstSync, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DatapathException(
                $"read nodes and addresses from store {Store.Location}: no answer within {s_firstSync.TotalSeconds} s"
                    + (Cluster.Failure is { } why ? $": {why}" : ""));
        }

        Controller controller = Controllers.Start(
            new ControllerSpec("sync-cluster", reconciler.ReconcileAsync) { Interval = ClusterReconciler.StaleGrace });
        await controller.RunNowAsync(cancellationToken).ConfigureAwait(false);
        Cluster.Changed += controller.Trigger;
        ServiceAddresses.Changed += controller.Trigger;
        controller.Trigger();
        return controller;
    }

    /// <summary>The node's own way to pods, once the programs that it leads to are attached.</summary>
    private void StartRoutes()
    {
        HostWatch watch = Own(new HostWatch(Kernel.Host));
        Controller routes = Controllers.Start(
            new ControllerSpec(RouteSync.ControllerName, new RouteSync(Kernel, Local, Cluster, _clock).RunAsync)
            {
                Interval = TimeSpan.FromMinutes(1),
            });
        watch.Disturbed += routes.Trigger;
        Cluster.Changed += routes.Trigger;
        Controllers.Start(new ControllerSpec("watch-host", watch.FollowAsync));
    }

    /// <summary>What was to be deleted while no agent ran is gone before the API answers.</summary>
    private async Task StartDeferredDeletionsAsync(NodeSettings settings, CancellationToken cancellationToken)
    {
        DeferredDeletions = Own(new DeferredDeletionCollector(Endpoints, settings.DeferredDeletions, _loggers));
        Controller controller = Controllers.Start(
            new ControllerSpec(DeferredDeletionCollector.ControllerName, DeferredDeletions.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        await controller.RunNowAsync(cancellationToken).ConfigureAwait(false);
        DeferredDeletions.Left += controller.Trigger;
    }

    private void StartControllers(NodeRegistration registration, AddressRegistry addresses)
    {
        Controller node = Controllers.Start(
            new ControllerSpec("sync-node", registration.EnsureAsync) { Interval = TimeSpan.FromMinutes(1), RunAtStart = false });
        registration.LeaseLost += node.Trigger;
        AddressSync sync = new(addresses, Endpoints, Cluster);
        Controller published = Controllers.Start(
            new ControllerSpec("sync-addresses", sync.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        Controller identities = Controllers.Start(
            new ControllerSpec("sync-identities", Endpoints.SyncIdentitiesAsync)
            {
                Interval = TimeSpan.FromMinutes(5),
                RunAtStart = false,
            });
        // Identities first: addresses carry them.
        StorePostponed += identities.Trigger;
        StorePostponed += published.Trigger;
        foreach (Controller late in (Controller[])[node, identities, published])
        {
            Cluster.StoreReplaced += late.Trigger;
            Cluster.StoreRestored += late.Trigger;
        }

        EndpointCollector pods = new(Endpoints, Kernel.Pods, _loggers);
        Controller gone = Controllers.Start(
            new ControllerSpec(EndpointCollector.ControllerName, pods.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        Controller attachments = Controllers.Start(
            new ControllerSpec(AttachmentSync.ControllerName, new AttachmentSync(Kernel, Local, Endpoints).RunAsync)
            {
                Interval = TimeSpan.FromMinutes(1),
            });
        AttachmentSettler settler = new(Endpoints, Kernel.Pods, Kernel.Attachments, _clock);
        Controller settling = Controllers.Start(
            new ControllerSpec(AttachmentSettler.ControllerName, settler.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        Endpoints.Created += settling.Trigger;
        InterfaceNames.Removed += name =>
        {
            if (name.StartsWith(PodDevices.HostPrefix, StringComparison.Ordinal))
            {
                gone.Trigger();
            }
            else if (name is OverlayDevice.Name or HostDevices.Host or HostDevices.Net)
            {
                attachments.Trigger();
            }
        };
        Own(new ConntrackCollector(Kernel.Conntrack, Controllers, _clock, _loggers));
    }

    private static LocalNode Describe(NodeSettings settings, UnderlayDevice underlay, NodeState identity) => new()
    {
        Name = settings.Name,
        Cluster = settings.Cluster,
        Address = settings.Address,
        Address6 = settings.Address6,
        PodCidr = identity.PodCidr,
        PodCidr6 = identity.PodCidr6,
        Router = identity.Router,
        Router6 = identity.Router6,
        HostEndpoint = identity.HostEndpoint,
        Underlay = underlay,
        TunnelPort = settings.TunnelPort,
    };

    private NodeRecord RecordOf(NodeState identity) => new()
    {
        Name = Local.Name,
        Cluster = Local.Cluster,
        Instance = identity.Instance,
        Addresses = Local.Addresses,
        PodCidrs = Local.PodCidrs,
        Routers = Local.Routers,
    };

    private EndpointContext ContextOf(StateDirectory state, AddressRegistry addresses, ConntrackForgetter flows) => new()
    {
        State = state,
        Pools = Pools,
        Identities = Identities,
        Addresses = addresses,
        Node = Local,
        Devices = Kernel.Pods,
        DeviceRemover = new DeviceRemover(InterfaceNames, _loggers),
        Entries = Kernel.Endpoints,
        Policy = Policy,
        Ipcache = Kernel.Ipcache,
        Attachments = Kernel.Attachments,
        Conntrack = flows,
        IsStoreAway = () => Cluster?.Failure is not null,
        Postponed = () => StorePostponed?.Invoke(),
        Clock = _clock,
        Loggers = _loggers,
    };

    private HealthSetup HealthSetupOf(NodeRegistration registration) => new()
    {
        Local = Local,
        Cluster = Cluster,
        Endpoints = Endpoints,
        Devices = Kernel.Pods,
        Registration = registration,
        InterfaceNames = InterfaceNames,
        Controllers = Controllers,
        Clock = _clock,
    };

    private static string Text<T>(IEnumerable<T> values) => string.Join(',', values);

    private T Own<T>(T resource)
        where T : notnull
    {
        _cleanup.Push(resource switch
        {
            IAsyncDisposable asynchronous => asynchronous.DisposeAsync,
            IDisposable synchronous => () =>
            {
                synchronous.Dispose();
                return ValueTask.CompletedTask;
            },
            _ => static () => ValueTask.CompletedTask,
        });
        return resource;
    }

    private void Own(Action dispose) => _cleanup.Push(() =>
    {
        dispose();
        return ValueTask.CompletedTask;
    });

    [LoggerMessage(
        EventId = 1, Level = LogLevel.Information,
        Message = "node up name={Name} address={Address} podCidr={PodCidr} router={Router} attach={Mode} endpoints={Endpoints}")]
    private partial void LogUp(NodeName name, string address, string podCidr, string router, TcAttachMode mode, int endpoints);
}
