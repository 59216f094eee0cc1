using System.Net;
using System.Net.Sockets;
using Weft.Linux;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class LinkErrorTests
{
    private static readonly LinkSettings s_nothing = new();

    [KernelFact]
    public void Name_that_is_taken_is_told_with_what_to_do()
    {
        using Node node = new();

        NetlinkException refused = Assert.Throws<NetlinkException>(
            () => node.Netlink.Links.CreateVeth("ens3", s_nothing, "other", s_nothing));

        Assert.Equal(
            "create device ens3 of type veth with peer other: File exists (errno 17) "
            + "(a device of that name exists: delete it or take another name)",
            refused.Message);
        Assert.Null(node.Netlink.Links.Find("other"));
    }

    [KernelFact]
    public void Peer_name_that_is_taken_leaves_nothing_behind()
    {
        using Node node = new();

        Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateVeth("fresh", s_nothing, "ens3", s_nothing));

        Assert.Null(node.Netlink.Links.Find("fresh"));
    }

    [KernelFact]
    public void Pair_whose_second_request_fails_is_removed_again()
    {
        using Node node = new();
        LinkSettings refusedLater = new() { Alias = new string('x', 300) };

        Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateVeth("fresh", s_nothing, "peer", refusedLater));
        Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateBridge("br0", settings: refusedLater));

        Assert.Equal(["ens3", "lo", "wire"], PlainNames(node));
    }

    [KernelFact]
    public void Taken_port_of_vxlan_is_told_with_what_to_do()
    {
        using Node node = new();
        using Socket taken = node.Namespace.Run(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 8472));
            return socket;
        });

        NetlinkException refused = Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateVxlan(
            "weft_vxlan", new VxlanSettings { CollectMetadata = true, Port = 8472 }, new LinkSettings { Up = true }));

        Assert.Equal(
            "create device weft_vxlan of type vxlan: Address already in use (errno 98) "
            + "(a process has the UDP port: take another port or stop it)",
            refused.Message);
        Assert.Null(node.Netlink.Links.Find("weft_vxlan"));
    }

    [KernelFact]
    public void Second_external_vxlan_of_a_port_is_told_in_the_kernels_words()
    {
        using Node node = new();
        VxlanSettings external = new() { CollectMetadata = true, Port = 8472 };
        node.Netlink.Links.CreateVxlan("one", external);

        NetlinkException refused = Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateVxlan("two", external));

        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.Equal("A VXLAN device with the specified VNI already exists", refused.KernelText);
    }

    [KernelFact]
    public void Attribute_that_the_kernel_objects_to_is_named()
    {
        using Node node = new();

        NetlinkException refused = Assert.Throws<NetlinkException>(
            () => node.Netlink.Links.CreateVxlan("vx", new VxlanSettings { Vni = 1 << 24 }));

        const int IFLA_VXLAN_ID = 1;
        Assert.Equal(IFLA_VXLAN_ID, refused.AttributeType);
        Assert.Equal(
            "create device vx of type vxlan: Numerical result out of range (errno 34): VXLAN ID must be lower than 16777216, "
            + $"attribute 1 at offset {refused.AttributeOffset}",
            refused.Message);
    }

    [KernelFact]
    public void Value_out_of_range_is_told_in_the_kernels_words()
    {
        using Node node = new();

        NetlinkException refused = Assert.Throws<NetlinkException>(
            () => node.Netlink.Links.Change(node.Device, new LinkSettings { Mtu = 100_000 }));

        Assert.Equal("mtu greater than device maximum", refused.KernelText);
        Assert.Equal(
            $"change device with index {node.Device}: Invalid argument (errno 22): mtu greater than device maximum", refused.Message);
    }

    [KernelFact]
    public void Device_that_is_not_there_is_null_or_told()
    {
        using Node node = new();

        Assert.Null(node.Netlink.Links.Find("none"));
        Assert.Null(node.Netlink.Links.Find(new IfIndex(4711)));
        NetlinkException missing = Assert.Throws<NetlinkException>(() => node.Netlink.Links.Get("none"));
        Assert.Equal("look up device none: No such device (errno 19)", missing.Message);
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => node.Netlink.Links.SetUp(new IfIndex(4711))).Errno);
    }

    [KernelTheory]
    [InlineData("")]
    [InlineData("sixteen-bytes-xx")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("..")]
    public void Name_that_the_kernel_would_refuse_is_refused_here_with_the_reason(string name)
    {
        using Node node = new();

        Assert.False(LinkName.IsValid(name));
        Assert.Throws<ArgumentException>(() => node.Netlink.Links.CreateBridge(name));
    }

    private static IEnumerable<string> PlainNames(Node node) =>
        node.Netlink.Links.List().Select(link => link.Name).Where(name => name is not ("tunl0" or "sit0" or "ip6tnl0")).Order();
}
