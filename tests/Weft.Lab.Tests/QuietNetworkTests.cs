using System.Net;
using System.Net.Sockets;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

/// <summary>IPv6 is there where the topology wants it, and says no more than it must.</summary>
public sealed class QuietNetworkTests
{
    [KernelTheory]
    [InlineData("east")]
    [InlineData("web")]
    public void Without_IPv6_in_the_topology_there_is_none(string member)
    {
        using BareLab lab = new BareLab().Build();

        Assert.Empty(AddressesOf(lab, member));
        Assert.Equal("1", LabMember.Find(lab.Name, member).Run(() => Sysctl.Read("net/ipv6/conf/default/disable_ipv6")));
    }

    [KernelFact]
    public void Addresses_of_a_node_can_be_used_at_once()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        InterfaceAddress address = Assert.Single(AddressesOf(lab, "east"), address => address.Address.Equals(IPAddress.Parse("fd00:2::11")));

        Assert.False(address.Flags.HasFlag(AddressFlags.IFA_F_TENTATIVE));
    }

    /// <summary>A link-local address is what the kernel asks for neighbours with when it forwards.</summary>
    [KernelFact]
    public void The_device_on_the_underlay_alone_gets_a_link_local_address()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();
        LabMember node = LabMember.Find(lab.Name, "east");
        IfIndex added = node.Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            netlink.Links.CreateVeth("more", new LinkSettings { Up = true }, "peer", new LinkSettings { Up = true });
            return netlink.Links.Get("more").Index;
        });

        Eventually.Passes(() => Assert.Single(AddressesOf(lab, "east"), address => address.Address.IsIPv6LinkLocal));
        Assert.DoesNotContain(AddressesOf(lab, "east"), address => address.Device == added);
    }

    [KernelFact]
    public void A_pod_of_a_node_with_IPv6_has_it_too_and_waits_for_no_router()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        string?[] settings = LabMember.Find(lab.Name, "web").Run(() => Read("disable_ipv6", "accept_ra", "accept_dad", "autoconf"));

        Assert.All(settings, value => Assert.Equal("0", value));
    }

    private static string?[] Read(params string[] settings) => [.. settings.Select(name => Sysctl.Read($"net/ipv6/conf/default/{name}"))];

    private static List<InterfaceAddress> AddressesOf(BareLab lab, string member) => LabMember.Find(lab.Name, member).Run(() =>
    {
        using RtNetlink netlink = RtNetlink.Open();
        return netlink.Addresses.List()
            .Where(address => address.Address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address.Address)).ToList();
    });
}
