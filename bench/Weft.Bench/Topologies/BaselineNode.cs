using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>A node of the kernel's own topologies: <c>ens3</c> on the underlay, and pods behind routed veth pairs.</summary>
internal sealed class BaselineNode : IDisposable
{
    private readonly List<BaselinePod> _pods = [];

    public BaselineNode(BaselineNodeSpec spec, NetworkNamespace underlay, IfIndex bridge)
    {
        Spec = spec;
        Namespace = NetworkNamespace.Create(spec.NamespaceName);
        Netlink = RtNetlink.Open(Namespace);
        try
        {
            AttachUnderlay(underlay, bridge);
            foreach ((int index, IPAddress address) in spec.PodAddresses.Index())
            {
                _pods.Add(new BaselinePod($"{spec.NamespaceName}-pod{index}", Netlink, $"lxc{index}", address, spec.Gateway, spec.PodMtu));
            }

            Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public BaselineNodeSpec Spec { get; }

    public NetworkNamespace Namespace { get; }

    public IReadOnlyList<BaselinePod> Pods => _pods;

    public RtNetlink Netlink { get; }

    public IfIndex Underlay { get; private set; }

    public void Dispose()
    {
        Netlink.Dispose();
        foreach (BaselinePod pod in _pods)
        {
            pod.Dispose();
        }

        Namespace.Dispose();
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
        Netlink.Routes.Add(new Route { Destination = new IPNetwork(IPAddress.Any, 0), Gateway = Spec.Router, Device = Underlay });
    }
}
