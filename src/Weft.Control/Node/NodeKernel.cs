using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Datapath;
using Weft.Datapath.Attaching;
using Weft.Datapath.Conntrack;
using Weft.Datapath.Devices;
using Weft.Datapath.Events;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;
using Weft.Linux;
using Weft.Netlink;

namespace Weft.Control.Node;

/// <summary>The node's part in the kernel: devices, programs, maps.</summary>
public sealed partial class NodeKernel : IDisposable
{
    private readonly RtNetlink _netlink;
    private readonly LocalNode _local;

    private NodeKernel(
        RtNetlink netlink, LocalNode local, NodeDevices devices, LoadedDatapath datapath, NodeSettings settings, TimeProvider clock)
    {
        _netlink = netlink;
        _local = local;
        Root = settings.BpfRoot;
        Overlay = devices.Overlay;
        Host = devices.Host;
        Datapath = datapath;
        Attachments = new NodeAttachments(datapath, settings.BpfRoot, TcAttacher.ForThisKernel());
        Sockets = new SocketAttachments(datapath, settings.BpfRoot, settings.CgroupRoot);
        Pods = new PodDevices(netlink);
        Routes = new HostRoutes(netlink);
        Switch = new EventSwitch(datapath.Maps);
        Endpoints = new EndpointEntries(datapath.Maps, Switch);
        Ipcache = new IpcacheEntries(datapath.Maps);
        Nodes = new NodeEntries(datapath.Maps);
        Conntrack = new ConntrackTables(datapath.Maps, clock);
    }

    public BpfRoot Root { get; }

    public IfIndex Overlay { get; }

    /// <summary>The devices between this node's stack and the datapath.</summary>
    public HostPair Host { get; }

    public LoadedDatapath Datapath { get; }

    public NodeAttachments Attachments { get; }

    public SocketAttachments Sockets { get; }

    public PodDevices Pods { get; }

    public HostRoutes Routes { get; }

    /// <summary>What the programs were loaded with.</summary>
    public DatapathConfig Config { get; private init; }

    /// <summary>Whether packets between pods, this node and the world meet the programs, in both directions.</summary>
    public bool IsNodeAttached =>
        Attachments.IsOverlayAttached(Overlay) && Attachments.IsHostAttached(Host.Net)
        && Attachments.IsUnderlayAttached(_local.Underlay.Name, _local.Underlay.Index);

    public EventSwitch Switch { get; }

    public EndpointEntries Endpoints { get; }

    public IpcacheEntries Ipcache { get; }

    public NodeEntries Nodes { get; }

    public ConntrackTables Conntrack { get; }

    /// <summary>Makes or adopts the node's devices and the maps, and loads the programs. Attaches nothing.</summary>
    /// <param name="undo">Told how to take back what was not there before.</param>
    internal static NodeKernel Prepare(
        RtNetlink netlink, LocalNode local, NodeSettings settings, TimeProvider clock, ILoggerFactory loggers, UndoStack undo)
    {
        ILogger log = loggers.CreateLogger<NodeKernel>();
        NodeDevices devices = EnsureDevices(netlink, local, undo);

        DatapathLoader loader = new(settings.BpfRoot, (map, differences) => LogRecreated(log, map, string.Join("; ", differences)));
        DatapathConfig config = ConfigOf(local, settings, devices);
        LoadedDatapath datapath = loader.Load(config);
        undo.Push("remove pinned maps", loader.RemoveNewPins);
        try
        {
            return new NodeKernel(netlink, local, devices, datapath, settings, clock) { Config = config };
        }
        catch
        {
            datapath.Dispose();
            throw;
        }
    }

    /// <summary>The node's own addresses, as endpoints without a device.</summary>
    public void WriteHostEntries()
    {
        foreach (IPAddress address in _local.Addresses.Concat(_local.Routers))
        {
            Endpoints.PutHost(address, _local.HostEndpoint);
        }
    }

    /// <summary>From here on packets of the overlay and the underlay meet the programs.</summary>
    /// <returns>The devices that have programs.</returns>
    internal IReadOnlySet<string> AttachNode(UndoStack undo)
    {
        undo.Push("detach programs", Attachments.DetachNew);
        undo.Push("detach programs from the cgroup", Sockets.DetachNew);
        Attachments.AttachOverlay(Overlay);
        Attachments.AttachUnderlay(_local.Underlay.Name, _local.Underlay.Index);
        Attachments.AttachHost(Host.Net);
        Sockets.Attach();
        return new HashSet<string> { OverlayDevice.Name, _local.Underlay.Name, HostDevices.Net };
    }

    /// <summary>Brings MTU and state of the overlay device back.</summary>
    /// <exception cref="DatapathException">It is gone, or another one has its name.</exception>
    internal void RepairOverlay()
    {
        if (_netlink.Links.Find(OverlayDevice.Name)?.Index != Overlay)
        {
            throw new DatapathException(
                $"use device {OverlayDevice.Name}: somebody removed it, and no packet passes the overlay (restart weft-agent, which makes "
                    + "it again)");
        }

        OverlayDevice.Ensure(_netlink, _local.Mtu.Device, _local.TunnelPort, _local.HasIPv6);
    }

    /// <summary>Brings settings and addresses of the host devices back.</summary>
    /// <exception cref="DatapathException">They are gone, or others have their names.</exception>
    internal void RepairHost()
    {
        if (HostDevices.Find(_netlink) != Host)
        {
            throw new DatapathException(
                $"use devices {HostDevices.Host} and {HostDevices.Net}: somebody removed them, and this node does not reach its pods "
                    + "(restart weft-agent, which makes them again)");
        }

        HostDevices.Ensure(_netlink, _local.Mtu.Device, _local.Routers);
    }

    private static NodeDevices EnsureDevices(RtNetlink netlink, LocalNode local, UndoStack undo)
    {
        (IfIndex overlay, bool made) = OverlayDevice.Ensure(netlink, local.Mtu.Device, local.TunnelPort, local.HasIPv6);
        if (made)
        {
            undo.Push("remove the overlay device", () => OverlayDevice.Remove(netlink));
        }

        (HostPair host, made) = HostDevices.Ensure(netlink, local.Mtu.Device, local.Routers);
        if (made)
        {
            undo.Push("remove the host devices", () => HostDevices.Remove(netlink));
        }

        return new NodeDevices(overlay, host);
    }

    private static DatapathConfig ConfigOf(LocalNode local, NodeSettings settings, NodeDevices devices)
    {
        ConfigFlags flags = ConfigFlags.None;
        flags |= settings.MasqueradeIPv4 ? ConfigFlags.Masquerade4 : ConfigFlags.None;
        flags |= settings.MasqueradeIPv6 && local.HasIPv6 ? ConfigFlags.Masquerade6 : ConfigFlags.None;
        flags |= KernelFeatures.HasSetRetvalAtConnect() ? ConfigFlags.SetRetval : ConfigFlags.None;
        flags |= settings.ServicesPastStack ? ConfigFlags.EncapBpf : ConfigFlags.None;
        flags |= settings.Policy.HasHostFirewall ? ConfigFlags.HostFirewall : ConfigFlags.None;
        return new DatapathConfig
        {
            NodeAddr = WeftAddress.From(local.Address),
            NodeAddr6 = local.Address6 is { } address6 ? WeftAddress.From(address6) : WeftAddress.None,
            RouterAddr = WeftAddress.From(local.Router),
            RouterAddr6 = local.Router6 is { } router6 ? WeftAddress.From(router6) : WeftAddress.None,
            OverlayIfIndex = (uint)devices.Overlay.Value,
            NetdevIfIndex = (uint)local.Underlay.Index.Value,
            HostIfIndex = (uint)devices.Host.Host.Value,
            OverlayMtu = (uint)local.Mtu.Route,
            Flags = flags,
            TunnelPort = local.TunnelPort,
            NodeId = local.HostEndpoint.Value,
            // 0: before kernel 5.14, which does not tell, the node is taken for the machine itself.
            NetnsCookie = NetworkNamespace.ReadCurrentCookie() ?? 0,
            NodePortMin = settings.NodePorts.First,
            NodePortMax = settings.NodePorts.Last,
        };
    }

    public void Dispose()
    {
        Switch.Dispose();
        Datapath.Dispose();
        _netlink.Dispose();
    }

    private readonly record struct NodeDevices(IfIndex Overlay, HostPair Host);

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "map recreated empty name={Map} because='{Differences}'")]
    private static partial void LogRecreated(ILogger logger, string map, string differences);
}
