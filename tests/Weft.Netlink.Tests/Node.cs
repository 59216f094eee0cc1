using Weft.Linux;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

/// <summary>A namespace with a veth pair <c>ens3</c>–<c>wire</c>, both ends up, and an rtnetlink socket into it.</summary>
internal sealed class Node : IDisposable
{
    public Node()
    {
        Namespace = TestNamespace.Create("node");
        Netlink = RtNetlink.Open(Namespace.Handle);
        Netlink.Links.SetUp(Netlink.Links.Get("lo").Index);
        LinkSettings up = new() { Up = true, GenerateIPv6Address = false };
        Netlink.Links.CreateVeth("ens3", up, "wire", up);
        Device = Netlink.Links.Get("ens3").Index;
    }

    public TestNamespace Namespace { get; }

    public RtNetlink Netlink { get; }

    /// <summary>Of <c>ens3</c>.</summary>
    public IfIndex Device { get; }

    public void Dispose()
    {
        Netlink.Dispose();
        Namespace.Dispose();
    }
}
