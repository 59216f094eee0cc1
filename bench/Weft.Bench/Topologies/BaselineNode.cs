using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>A node of the kernel's own topologies: <c>ens3</c> on the underlay, and one pod behind a routed veth pair.</summary>
internal sealed class BaselineNode : IDisposable
{
    private const string PodDevice = "eth0";

    public BaselineNode(BaselineNodeSpec spec, NetworkNamespace underlay, IfIndex bridge)
    {
        Spec = spec;
        Namespace = NetworkNamespace.Create(spec.NamespaceName);
        Pod = NetworkNamespace.Create($"{spec.NamespaceName}-pod");
        Netlink = RtNetlink.Open(Namespace);
        AttachUnderlay(underlay, bridge);
        AttachPod();
        Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
    }

    public BaselineNodeSpec Spec { get; }

    public NetworkNamespace Namespace { get; }

    public NetworkNamespace Pod { get; }

    public RtNetlink Netlink { get; }

    public IfIndex Underlay { get; private set; }

    public void Dispose()
    {
        Netlink.Dispose();
        Pod.Dispose();
        Namespace.Dispose();
        NetworkNamespace.Delete($"{Spec.NamespaceName}-pod");
        NetworkNamespace.Delete(Spec.NamespaceName);
    }

    private void AttachUnderlay(NetworkNamespace underlay, IfIndex bridge)
    {
        string port = $"p-{Spec.Name}";
        Netlink.Links.CreateVeth(
            "ens3", new LinkSettings { Up = true }, port, new LinkSettings { Namespace = underlay });
        using (RtNetlink other = RtNetlink.Open(underlay))
        {
            other.Links.Change(other.Links.Get(port).Index, new LinkSettings { Master = bridge, Up = true });
        }

        Underlay = Netlink.Links.Get("ens3").Index;
        Netlink.Addresses.Add(new InterfaceAddress { Device = Underlay, Address = Spec.Address, PrefixLength = 24 });
    }

    private void AttachPod()
    {
        Netlink.Links.CreateVeth(
            "lxc0", new LinkSettings { Up = true }, PodDevice, new LinkSettings { Namespace = Pod, Up = true });
        IfIndex host = Netlink.Links.Get("lxc0").Index;
        Netlink.Addresses.Add(new InterfaceAddress { Device = host, Address = Spec.Gateway, PrefixLength = Spec.PodNetwork.PrefixLength });
        using RtNetlink inPod = RtNetlink.Open(Pod);
        IfIndex device = inPod.Links.Get(PodDevice).Index;
        inPod.Links.SetUp(inPod.Links.Get("lo").Index);
        inPod.Addresses.Add(new InterfaceAddress { Device = device, Address = Spec.PodAddress, PrefixLength = Spec.PodNetwork.PrefixLength });
        inPod.Routes.Add(new Route
        {
            Destination = new IPNetwork(IPAddress.Any, 0),
            Gateway = Spec.Gateway,
            Device = device,
            Mtu = (uint)Spec.PodMtu,
        });
    }
}
