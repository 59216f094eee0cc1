using System.Net;
using Weft.Linux;
using Weft.Netlink.Routes;
using Weft.Netlink.Rules;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class RuleTableTests
{
    private static readonly RoutingRule s_ofPod = new()
    {
        Priority = 100,
        From = IPNetwork.Parse("10.0.1.180/32"),
        To = IPNetwork.Parse("10.0.0.0/16"),
        Mark = 0x0f00,
        MarkMask = 0xff00,
        InputDevice = "lxc1",
        Table = new RouteTableId(37483),
    };

    [KernelFact]
    public void Added_rule_is_what_ip_shows_and_reads_back_equal()
    {
        using Node node = new();

        node.Netlink.Rules.Add(s_ofPod);

        Assert.Contains(
            "from 10.0.1.180 to 10.0.0.0/16 fwmark 0xf00/0xff00 iif lxc1 [detached] lookup 37483",
            node.Namespace.Exec("ip", "rule"));
        Assert.Contains(s_ofPod, node.Netlink.Rules.List());
    }

    [KernelFact]
    public void Rules_of_both_versions_are_listed_apart()
    {
        using Node node = new();
        RoutingRule six = new() { IsIPv6 = true, Priority = 7, From = IPNetwork.Parse("fd00::/64"), Table = RouteTableId.Main };

        node.Netlink.Rules.Add(six);

        IReadOnlyList<RoutingRule> rules = node.Netlink.Rules.List();
        Assert.Contains(six, rules);
        Assert.Contains(new RoutingRule { Priority = 0, Table = RouteTableId.Local }, rules);
        Assert.Contains(new RoutingRule { IsIPv6 = true, Priority = 0, Table = RouteTableId.Local }, rules);
    }

    [KernelFact]
    public void Same_rule_twice_is_refused_and_deletion_tells_whether_there_was_one()
    {
        using Node node = new();
        node.Netlink.Rules.Add(s_ofPod);

        NetlinkException refused = Assert.Throws<NetlinkException>(() => node.Netlink.Rules.Add(s_ofPod));

        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.True(node.Netlink.Rules.Delete(s_ofPod));
        Assert.False(node.Netlink.Rules.Delete(s_ofPod));
    }
}
