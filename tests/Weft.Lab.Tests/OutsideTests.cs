using System.Net;
using Weft.Lab.Nodes;
using Weft.Lab.Outside;
using Weft.Lab.Probes;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Routes;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

public sealed class OutsideTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelTheory]
    [InlineData("east", "203.0.113.10")]
    [InlineData("east", "2001:db8:113::10")]
    [InlineData("client", "192.168.2.12")]
    [InlineData("client", "fd00:2::12")]
    public async Task Nodes_and_the_outside_reach_each_other_through_the_router(string from, string to)
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        EchoResult result = await PingAsync(lab, from, to);

        Assert.True(result.IsReply, result.Error);
        Assert.Equal(63, result.TimeToLive);
    }

    [KernelTheory]
    [InlineData("192.168.2.12")]
    [InlineData("fd00:2::12")]
    [InlineData("192.168.2.1")]
    [InlineData("fd00:2::1")]
    public async Task On_the_underlay_there_is_no_hop_between(string to)
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        EchoResult result = await PingAsync(lab, "east", to);

        Assert.True(result.IsReply, result.Error);
        Assert.Equal(64, result.TimeToLive);
    }

    [KernelTheory]
    [InlineData("10.0.1.7")]
    [InlineData("fd00:10:1::7")]
    public async Task The_outside_has_no_way_to_a_pod(string pod)
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        EchoResult result = await PingAsync(lab, "client", pod);

        Assert.False(result.IsReply);
        Assert.Contains("unreachable", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Null(result.From);
    }

    [KernelTheory]
    [InlineData("10.0.1.7", "192.168.2.1")]
    [InlineData("fd00:10:1::7", "fd00:2::1")]
    public async Task Nor_has_the_router(string pod, string router)
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        EchoResult result = await PingAsync(lab, "west", pod);

        Assert.False(result.IsReply);
        Assert.Contains("DestinationUnreachable", result.Error, StringComparison.Ordinal);
        Assert.Equal(router, $"{result.From}");
    }

    [KernelFact]
    public void Everything_that_a_node_does_not_know_goes_to_the_router()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        IReadOnlyList<Route> routes = LabMember.Find(lab.Name, "east").Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            return netlink.Routes.List();
        });

        Assert.Equal(
            ["192.168.2.1", "fd00:2::1"],
            routes.Where(route => route.Destination.PrefixLength == 0 && route.Type == RouteType.Unicast).Select(route => $"{route.Gateway}"));
    }

    [KernelFact]
    public void A_host_that_is_gone_makes_the_lab_incomplete()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();
        UnderlayNetwork underlay = new(lab.Name, lab.Topology);
        OutsideHost host = new(lab.Name, lab.Topology.Outside[0]);
        Assert.True(underlay.Exists);

        NetworkNamespace.Delete(host.Netns);

        Assert.False(host.Exists);
        Assert.False(underlay.Exists);
    }

    private static async Task<EchoResult> PingAsync(BareLab lab, string from, string to)
    {
        using EchoProbe probe = new(LabMember.Find(lab.Name, from));
        return await probe.SendAsync(IPAddress.Parse(to), s_deadline, TestContext.Current.CancellationToken);
    }
}
