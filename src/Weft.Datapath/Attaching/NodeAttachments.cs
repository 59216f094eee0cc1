using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Datapath.Devices;
using Weft.Datapath.Loading;
using Weft.Datapath.Pinning;
using Weft.Linux;
using Weft.Netlink;

namespace Weft.Datapath.Attaching;

/// <summary>Which program is on which device of the node, so that it stays when the agent goes.</summary>
/// <remarks>Safe to use from several threads for different devices.</remarks>
public sealed class NodeAttachments(LoadedDatapath datapath, BpfRoot root, TcAttacher attacher)
{
    private readonly List<(string Device, IfIndex Index, TcDirection Direction)> _made = [];

    public TcAttachMode Mode => attacher.Mode;

    public void AttachOverlay(IfIndex overlay)
    {
        AttachNode(datapath.FromOverlay, OverlayDevice.Name, overlay, TcDirection.Ingress);
        AttachNode(datapath.ToOverlay, OverlayDevice.Name, overlay, TcDirection.Egress);
    }

    public void AttachUnderlay(string device, IfIndex index)
    {
        AttachNode(datapath.FromNetdev, device, index, TcDirection.Ingress);
        AttachNode(datapath.ToNetdev, device, index, TcDirection.Egress);
    }

    /// <param name="net">Index of <see cref="HostDevices.Net"/>.</param>
    public void AttachHost(IfIndex net) => AttachNode(datapath.FromHost, HostDevices.Net, net, TcDirection.Ingress);

    /// <summary>Whether packets between this node's stack and its pods meet the program.</summary>
    public bool IsHostAttached(IfIndex net) => IsAttached(datapath.FromHost, HostDevices.Net, net, TcDirection.Ingress);

    public bool IsOverlayAttached(IfIndex overlay) =>
        IsAttached(datapath.FromOverlay, OverlayDevice.Name, overlay, TcDirection.Ingress)
        && IsAttached(datapath.ToOverlay, OverlayDevice.Name, overlay, TcDirection.Egress);

    public bool IsUnderlayAttached(string device, IfIndex index) =>
        IsAttached(datapath.FromNetdev, device, index, TcDirection.Ingress)
        && IsAttached(datapath.ToNetdev, device, index, TcDirection.Egress);

    /// <summary>Puts the program on a pod's device without waiting for the kernel: a new device has it as a filter until <see cref="SettlePod"/>.</summary>
    /// <param name="device">The node's side of the pod's veth pair.</param>
    /// <param name="index">Of that device.</param>
    /// <param name="forGood">Wait for the kernel, and have a link at once.</param>
    public void AttachPod(string device, IfIndex index, bool forGood = false)
    {
        string pin = root.Link(device, TcDirection.Ingress);
        _ = forGood
            ? attacher.Attach(datapath.FromPod, index, TcDirection.Ingress, pin)
            : attacher.AttachFast(datapath.FromPod, index, TcDirection.Ingress, pin);
    }

    /// <summary>Gives the program of a pod's device a link, which nobody takes away by mistake; the filter and its qdisc go then.</summary>
    /// <remarks>Takes a grace period of the kernel, in which no device of the machine can be made or changed. Safe to repeat.</remarks>
    public void SettlePod(string device, IfIndex index)
    {
        attacher.Settle(datapath.FromPod, index, TcDirection.Ingress, root.Link(device, TcDirection.Ingress));
        if (attacher.Mode == TcAttachMode.Tcx)
        {
            using RtNetlink netlink = RtNetlink.Open();
            netlink.Clsact.DeleteUnused(index);
        }
    }

    /// <summary>Takes the program off a pod's device, also when the device is gone already.</summary>
    public void DetachPod(string device) => Detach(device, TcDirection.Ingress);

    /// <summary>Removes the pins of links whose device is gone or is none of <paramref name="devices"/>.</summary>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<string> RemoveStale(IReadOnlySet<string> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        List<string> removed = [];
        foreach (string path in Directory.EnumerateFiles(root.Links))
        {
            string name = Path.GetFileName(path);
            if (SocketAttachments.IsPin(name))
            {
                continue;
            }

            string device = name[..Math.Max(name.LastIndexOf('_'), 0)];
            if (!devices.Contains(device) || !IsAttached(path))
            {
                BpfLink.Unpin(path);
                removed.Add(name);
            }
        }

        return removed;
    }

    /// <summary>Whether the endpoint's program is on its device.</summary>
    public bool IsPodAttached(string device, IfIndex index) => IsAttached(datapath.FromPod, device, index, TcDirection.Ingress);

    private bool IsAttached(BpfProgram program, string device, IfIndex index, TcDirection direction) =>
        attacher.Query(index, direction, root.Link(device, direction)) == program.Id;

    private static bool IsAttached(string path)
    {
        using BpfLink? link = BpfLink.TryOpenPinned(path);
        return link?.GetInfo().IsAttached ?? false;
    }

    /// <summary>
    /// Takes back the attachments to the node's devices that were made where there were none, for a start that goes no further.
    /// </summary>
    public void DetachNew()
    {
        foreach ((string device, IfIndex index, TcDirection direction) in _made)
        {
            attacher.Detach(index, direction, root.Link(device, direction));
        }
    }

    private TcAttachResult Attach(BpfProgram program, string device, IfIndex index, TcDirection direction) =>
        attacher.Attach(program, index, direction, root.Link(device, direction));

    private void AttachNode(BpfProgram program, string device, IfIndex index, TcDirection direction)
    {
        if (Attach(program, device, index, direction) == TcAttachResult.Attached)
        {
            _made.Add((device, index, direction));
        }
    }

    private void Detach(string device, TcDirection direction)
    {
        if (attacher.Mode == TcAttachMode.Tcx)
        {
            BpfLink.Unpin(root.Link(device, direction));
        }
    }
}
