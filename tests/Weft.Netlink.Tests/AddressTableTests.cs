using System.Net;
using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Routes;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class AddressTableTests
{
    [KernelTheory]
    [InlineData("192.168.2.61", 24)]
    [InlineData("10.0.1.180", 32)]
    [InlineData("fd00::1:b4", 128)]
    public void Added_address_is_what_ip_and_the_list_show(string text, int prefixLength)
    {
        using Node node = new();
        InterfaceAddress wanted = new()
        {
            Device = node.Device,
            Address = IPAddress.Parse(text),
            PrefixLength = prefixLength,
            Flags = AddressFlags.IFA_F_NODAD,
        };

        node.Netlink.Addresses.Add(wanted);

        Assert.Contains($"{text}/{prefixLength}", node.Namespace.Exec("ip", "-o", "addr", "show", "dev", "ens3"));
        InterfaceAddress read = Assert.Single(node.Netlink.Addresses.List(node.Device));
        Assert.Equal(wanted, read with { Flags = AddressFlags.IFA_F_NODAD });
    }

    [KernelFact]
    public void Peer_broadcast_and_scope_survive()
    {
        using Node node = new();
        InterfaceAddress wanted = new()
        {
            Device = node.Device,
            Address = IPAddress.Parse("10.9.0.1"),
            PrefixLength = 30,
            Peer = IPAddress.Parse("10.9.0.2"),
            Broadcast = IPAddress.Parse("10.9.0.3"),
            Scope = RouteScope.Link,
            Flags = AddressFlags.IFA_F_PERMANENT,
        };

        node.Netlink.Addresses.Add(wanted);

        Assert.Equal(wanted, Assert.Single(node.Netlink.Addresses.List(node.Device)));
    }

    [KernelFact]
    public void Second_add_says_that_it_is_there_and_replace_does_not_mind()
    {
        using Node node = new();
        InterfaceAddress address = new() { Device = node.Device, Address = IPAddress.Parse("10.0.1.1"), PrefixLength = 32 };
        node.Netlink.Addresses.Add(address);

        NetlinkException refused = Assert.Throws<NetlinkException>(() => node.Netlink.Addresses.Add(address));
        node.Netlink.Addresses.Replace(address);

        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.StartsWith(
            $"add address 10.0.1.1/32 on device with index {node.Device}: File exists (errno 17)",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Single(node.Netlink.Addresses.List(node.Device));
    }

    [KernelFact]
    public void Deletion_tells_whether_there_was_one()
    {
        using Node node = new();
        InterfaceAddress address = new() { Device = node.Device, Address = IPAddress.Parse("10.0.1.1"), PrefixLength = 32 };
        node.Netlink.Addresses.Add(address);

        Assert.True(node.Netlink.Addresses.Delete(address));
        Assert.False(node.Netlink.Addresses.Delete(address));
        Assert.Empty(node.Netlink.Addresses.List(node.Device));
    }
}
