using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>The lab's host beyond the underlay: behind the router, with a route to the nodes and to nothing else.</summary>
internal sealed class BaselineOutside : IDisposable
{
    public static readonly IPAddress Address = IPAddress.Parse("203.0.113.10");

    private static readonly IPAddress s_router = IPAddress.Parse("203.0.113.1");

    private readonly string _name;

    public BaselineOutside(string namespaceName, NetworkNamespace router, IPNetwork underlay)
    {
        _name = namespaceName;
        Namespace = NetworkNamespace.Create(namespaceName);
        using RtNetlink atRouter = RtNetlink.Open(router);
        using RtNetlink host = RtNetlink.Open(Namespace);
        atRouter.Links.CreateVeth("client", new LinkSettings { Up = true }, "eth0", new LinkSettings { Namespace = Namespace, Up = true });
        IfIndex device = host.Links.Get("eth0").Index;
        atRouter.Addresses.Add(new InterfaceAddress { Device = atRouter.Links.Get("client").Index, Address = s_router, PrefixLength = 24 });
        host.Addresses.Add(new InterfaceAddress { Device = device, Address = Address, PrefixLength = 24 });
        host.Routes.Add(new Route { Destination = underlay, Gateway = s_router, Device = device });
    }

    public NetworkNamespace Namespace { get; }

    public void Dispose()
    {
        Namespace.Dispose();
        NetworkNamespace.Delete(_name);
    }
}
