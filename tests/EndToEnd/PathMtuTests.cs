using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The path's smallest MTU is found through masquerading and through the overlay.</summary>
public sealed class PathMtuTests : IClassFixture<NarrowLab>
{
    private const int Port = 8080;

    private readonly RealLab _lab;

    public PathMtuTests(NarrowLab shared) => _lab = shared.Lab;

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_pod_learns_what_fits_through_the_world(int family)
    {
        string address = _lab.Addresses(Pods.Outside)[family];
        using EchoServer server = new(_lab.Member(Pods.Outside), Port);
        using Caller caller = Caller.Start(_lab.Member(Pods.East));

        Answer answer = caller.Do($"too-big {address} {Port} 1390");

        Assert.Equal(("EMSGSIZE", $"{NarrowLab.Mtu}"), (answer.Values["error"], answer.Values["mtu"]));
    }

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_pod_learns_what_fits_through_the_overlay(int family)
    {
        string address = _lab.Addresses(Pods.Web)[family];
        using EchoServer server = new(_lab.Member(Pods.Web), Port);
        using Caller caller = Caller.Start(_lab.Member(Pods.East));

        // What the pod's own device would carry.
        Answer answer = caller.Do($"too-big {address} {Port} 1450");

        Assert.Equal(("EMSGSIZE", "1450"), (answer.Values["error"], answer.Values["mtu"]));
    }

    /// <summary>West has learnt nothing of the path yet: TCP has to, with segments both ways.</summary>
    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Tcp_passes_a_narrow_link_behind_the_masquerade(int family)
    {
        using EchoServer server = new(_lab.Member(Pods.Outside), Port);
        using Caller caller = Caller.Start(_lab.Member(Pods.West));

        Assert.Equal(Pods.Outside, caller.Call("tcp", _lab.Addresses(Pods.Outside)[family], Port, 1_000_000).Server);
    }

    /// <summary>A backend on another node, so that errors about what it sends have to find their way back to it.</summary>
    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Tcp_passes_a_narrow_link_before_a_node_port(int family)
    {
        using EchoServer server = new(_lab.Member(Pods.East), ServicePorts.Target);
        _lab.Apply(ServiceLab.Single);
        using Caller caller = Caller.Start(_lab.Member(Pods.Outside));

        Assert.Equal(Pods.East, caller.Call("tcp", _lab.Addresses(Pods.WestNode)[family], ServiceLab.Single.NodePort, 1_000_000).Server);
    }
}
