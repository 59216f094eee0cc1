using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class ClsactTableTests
{
    [KernelFact]
    public void A_qdisc_without_filters_is_removed()
    {
        using Node node = new();
        node.Namespace.Exec("tc", "qdisc", "add", "dev", "ens3", "clsact");

        Assert.True(node.Netlink.Clsact.DeleteUnused(node.Device));

        Assert.DoesNotContain("clsact", node.Namespace.Exec("tc", "qdisc", "show", "dev", "ens3"), StringComparison.Ordinal);
        Assert.False(node.Netlink.Clsact.DeleteUnused(node.Device));
        Assert.False(node.Netlink.Clsact.DeleteUnused(new IfIndex(4711)));
    }

    [KernelTheory]
    [InlineData("ingress")]
    [InlineData("egress")]
    public void One_with_a_filter_stays(string direction)
    {
        using Node node = new();
        node.Namespace.Exec("tc", "qdisc", "add", "dev", "ens3", "clsact");
        node.Namespace.Exec("tc", "filter", "add", "dev", "ens3", direction, "pref", "7", "protocol", "all", "bpf", "bytecode", "1,6 0 0 0");

        Assert.False(node.Netlink.Clsact.DeleteUnused(node.Device));

        Assert.Contains("pref 7", node.Namespace.Exec("tc", "filter", "show", "dev", "ens3", direction), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Another_qdisc_in_its_place_stays()
    {
        using Node node = new();
        node.Namespace.Exec("tc", "qdisc", "add", "dev", "ens3", "ingress");

        Assert.False(node.Netlink.Clsact.DeleteUnused(node.Device));

        Assert.Contains("ingress", node.Namespace.Exec("tc", "qdisc", "show", "dev", "ens3"), StringComparison.Ordinal);
    }
}
