using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Bpf.Links;
using Weft.Control.Addresses;
using Weft.Control.Cluster;
using Weft.Control.Conntrack;
using Weft.Control.Controllers;
using Weft.Control.Endpoints;
using Weft.Control.Identities;
using Weft.Control.Ipam;
using Weft.Control.Monitoring;
using Weft.Control.Nodes;
using Weft.Control.Services;
using Weft.Control.State;
using Weft.Datapath;
using Weft.Datapath.Devices;
using Weft.Datapath.Events;
using Weft.Model.Addressing;
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
        UnderlayDevice underlay = UnderlayDevice.Find(netlink, settings.Device, settings.Address);
        StateDirectory state = new(settings.StateDirectory);
        (NodeState identity, bool isFirst) = NodeStateReader.Settle(state, settings);
        if (isFirst)
        {
            _undo.Push("forget the node's state", state.Clear);
        }

        Local = Describe(settings, underlay, identity);

        Store = Own(await settings.Store.OpenAsync(cancellationToken).ConfigureAwait(false));
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
        Pool = new AddressPool(Local.PodCidr, Local.Router, _clock);
        Identities = Own(new IdentityAllocator(Store, Local.Cluster, Local.Name, _clock));
        AddressRegistry addresses = new(Store, Local.Cluster, Local.Name, [Local.PodCidr], _clock);
        ConntrackForgetter flows = new(Kernel.Conntrack);
        Endpoints = new EndpointLifecycle(ContextOf(state, addresses, flows));
        Services = Own(new NodeServices(Local, Store, Kernel.Datapath.Maps, state, flows, _clock, _loggers));

        Kernel.WriteHostEntries();
        Func<IReadOnlySet<string>, Task> attachEndpoints = await Endpoints.RestoreAsync(cancellationToken).ConfigureAwait(false);
        await FollowAsync(addresses, cancellationToken).ConfigureAwait(false);
        await Services.StartAsync(Controllers, s_firstSync, _clock, cancellationToken).ConfigureAwait(false);
        EventPolicy = new EventPolicy(Events, Kernel.Endpoints, Kernel.Switch);

        await attachEndpoints(Kernel.AttachNode(_undo)).ConfigureAwait(false);
        Pump.Start();
        StartControllers(registration, addresses);
        await Identities.DropUnusedAsync(cancellationToken).ConfigureAwait(false);
        LogUp(Local.Name, Local.Address, Local.PodCidr, Local.Router, Kernel.Attachments.Mode, Endpoints.Table.Count);
    }

    /// <summary>Starts to follow the store, and waits until the maps have what it had.</summary>
    private async Task FollowAsync(AddressRegistry addresses, CancellationToken cancellationToken)
    {
        Cluster = new ClusterView(Local, _loggers);
        ClusterReconciler reconciler = new(Cluster, Local, Kernel.Nodes, Kernel.Ipcache, _clock, _loggers);
        reconciler.WriteOwn();
        NodeRegistry nodes = new(Store, Local.Cluster, _clock);
        Controllers.Start(new ControllerSpec("watch-nodes", token => Cluster.FollowNodesAsync(nodes, token)));
        Controllers.Start(new ControllerSpec("watch-addresses", token => Cluster.FollowAddressesAsync(addresses, token)));
        Controllers.Start(new ControllerSpec("watch-identities", FollowIdentitiesAsync));
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
        controller.Trigger();
    }

    private void StartControllers(NodeRegistration registration, AddressRegistry addresses)
    {
        Controller node = Controllers.Start(
            new ControllerSpec("sync-node", registration.EnsureAsync) { Interval = TimeSpan.FromMinutes(1), RunAtStart = false });
        registration.LeaseLost += node.Trigger;
        AddressSync sync = new(addresses, Endpoints);
        Controller published = Controllers.Start(
            new ControllerSpec("sync-addresses", sync.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        Controller identities = Controllers.Start(
            new ControllerSpec("sync-identities", Endpoints.SyncIdentitiesAsync)
            {
                Interval = TimeSpan.FromMinutes(5),
                RunAtStart = false,
            });
        Cluster.StoreReplaced += () =>
        {
            node.Trigger();
            identities.Trigger();
            published.Trigger();
        };
        EndpointCollector pods = new(Endpoints, Kernel.Pods, _loggers);
        Controller gone = Controllers.Start(
            new ControllerSpec(EndpointCollector.ControllerName, pods.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        Controller attachments = Controllers.Start(
            new ControllerSpec(AttachmentSync.ControllerName, new AttachmentSync(Kernel, Local, Endpoints).RunAsync)
            {
                Interval = TimeSpan.FromMinutes(1),
            });
        InterfaceNames.Removed += name =>
        {
            if (name.StartsWith(PodDevices.HostPrefix, StringComparison.Ordinal))
            {
                gone.Trigger();
            }
            else if (name == OverlayDevice.Name)
            {
                attachments.Trigger();
            }
        };
        Own(new ConntrackCollector(Kernel.Conntrack, Controllers, _clock, _loggers));
    }

    private async Task FollowIdentitiesAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in Identities.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            // The allocator keeps its cache by itself; nothing else depends on identities yet.
        }
    }

    private static LocalNode Describe(NodeSettings settings, UnderlayDevice underlay, NodeState identity) => new()
    {
        Name = settings.Name,
        Cluster = settings.Cluster,
        Address = settings.Address,
        PodCidr = settings.PodCidr,
        Router = identity.Router,
        HostEndpoint = identity.HostEndpoint,
        Underlay = underlay,
        TunnelPort = settings.TunnelPort,
    };

    private NodeRecord RecordOf(NodeState identity) => new()
    {
        Name = Local.Name,
        Cluster = Local.Cluster,
        Instance = identity.Instance,
        Addresses = [Local.Address],
        PodCidrs = [Local.PodCidr],
        Routers = [Local.Router],
    };

    private EndpointContext ContextOf(StateDirectory state, AddressRegistry addresses, ConntrackForgetter flows) => new()
    {
        State = state,
        Pool = Pool,
        Identities = Identities,
        Addresses = addresses,
        Node = Local,
        Devices = Kernel.Pods,
        Entries = Kernel.Endpoints,
        Ipcache = Kernel.Ipcache,
        Attachments = Kernel.Attachments,
        Conntrack = flows,
        Clock = _clock,
        Loggers = _loggers,
    };

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
    private partial void LogUp(NodeName name, IPAddress address, PodCidr podCidr, IPAddress router, TcAttachMode mode, int endpoints);
}
