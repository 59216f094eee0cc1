using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Abi;
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
        RtNetlink netlink, LocalNode local, IfIndex overlay, LoadedDatapath datapath, NodeSettings settings, TimeProvider clock)
    {
        _netlink = netlink;
        _local = local;
        Root = settings.BpfRoot;
        Overlay = overlay;
        Datapath = datapath;
        Attachments = new NodeAttachments(datapath, settings.BpfRoot, TcAttacher.ForThisKernel());
        Sockets = new SocketAttachments(datapath, settings.BpfRoot, settings.CgroupRoot);
        Pods = new PodDevices(netlink);
        Switch = new EventSwitch(datapath.Maps);
        Endpoints = new EndpointEntries(datapath.Maps, Switch);
        Ipcache = new IpcacheEntries(datapath.Maps);
        Nodes = new NodeEntries(datapath.Maps);
        Conntrack = new ConntrackTables(datapath.Maps, clock);
    }

    public BpfRoot Root { get; }

    public IfIndex Overlay { get; }

    public LoadedDatapath Datapath { get; }

    public NodeAttachments Attachments { get; }

    public SocketAttachments Sockets { get; }

    public PodDevices Pods { get; }

    public EventSwitch Switch { get; }

    public EndpointEntries Endpoints { get; }

    public IpcacheEntries Ipcache { get; }

    public NodeEntries Nodes { get; }

    public ConntrackTables Conntrack { get; }

    /// <summary>Makes or adopts the overlay device and the maps, and loads the programs. Attaches nothing.</summary>
    /// <param name="undo">Told how to take back what was not there before.</param>
    internal static NodeKernel Prepare(
        RtNetlink netlink, LocalNode local, NodeSettings settings, TimeProvider clock, ILoggerFactory loggers, UndoStack undo)
    {
        ILogger log = loggers.CreateLogger<NodeKernel>();
        (IfIndex overlay, bool made) = OverlayDevice.Ensure(netlink, local.Mtu.Device, local.TunnelPort);
        if (made)
        {
            undo.Push("remove the overlay device", () => OverlayDevice.Remove(netlink));
        }

        DatapathLoader loader = new(settings.BpfRoot, (map, differences) => LogRecreated(log, map, string.Join("; ", differences)));
        LoadedDatapath datapath = loader.Load(new DatapathConfig
        {
            NodeAddr = WeftAddress.From(local.Address),
            RouterAddr = WeftAddress.From(local.Router),
            OverlayIfIndex = (uint)overlay.Value,
            NetdevIfIndex = (uint)local.Underlay.Index.Value,
            OverlayMtu = (uint)local.Mtu.Route,
            TunnelPort = local.TunnelPort,
            NodeId = local.HostEndpoint.Value,
            // 0: before kernel 5.14, which does not tell, the node is taken for the machine itself.
            NetnsCookie = NetworkNamespace.ReadCurrentCookie() ?? 0,
        });
        undo.Push("remove pinned maps", loader.RemoveNewPins);
        try
        {
            return new NodeKernel(netlink, local, overlay, datapath, settings, clock);
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
        foreach (IPAddress address in (IPAddress[])[_local.Address, _local.Router])
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
        Sockets.Attach();
        return new HashSet<string> { OverlayDevice.Name, _local.Underlay.Name };
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

        OverlayDevice.Ensure(_netlink, _local.Mtu.Device, _local.TunnelPort);
    }

    public void Dispose()
    {
        Switch.Dispose();
        Datapath.Dispose();
        _netlink.Dispose();
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "map recreated empty name={Map} because='{Differences}'")]
    private static partial void LogRecreated(ILogger logger, string map, string differences);
}
