using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>A namespace behind a veth pair that its node routes to, as simple network plugins make pods.</summary>
internal sealed class BaselinePod : IDisposable
{
    private const string Device = "eth0";

    private readonly string _name;

    /// <param name="hostDevice">The end of the veth pair in the node's namespace.</param>
    /// <param name="mtu">Of the pod's default route, bytes.</param>
    public BaselinePod(string namespaceName, RtNetlink node, string hostDevice, IPAddress address, IPAddress gateway, int mtu)
    {
        _name = namespaceName;
        Address = address;
        Namespace = NetworkNamespace.Create(namespaceName);
        node.Links.CreateVeth(hostDevice, new LinkSettings { Up = true }, Device, new LinkSettings { Namespace = Namespace, Up = true });
        IfIndex host = node.Links.Get(hostDevice).Index;
        node.Addresses.Add(new InterfaceAddress { Device = host, Address = gateway, PrefixLength = 32 });
        node.Routes.Add(new Route { Destination = new IPNetwork(address, 32), Device = host });
        using RtNetlink inPod = RtNetlink.Open(Namespace);
        IfIndex device = inPod.Links.Get(Device).Index;
        inPod.Links.SetUp(inPod.Links.Get("lo").Index);
        inPod.Addresses.Add(new InterfaceAddress { Device = device, Address = address, PrefixLength = 32 });
        inPod.Routes.Add(new Route
        {
            Destination = new IPNetwork(IPAddress.Any, 0),
            Gateway = gateway,
            Device = device,
            OnLink = true,
            Mtu = (uint)mtu,
        });
    }

    public NetworkNamespace Namespace { get; }

    public IPAddress Address { get; }

    public void Dispose()
    {
        Namespace.Dispose();
        NetworkNamespace.Delete(_name);
    }
}
