using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Datagrams in fragments, whose ports only the first has, on every way where ports are needed.</summary>
[Collection(ServiceLabTests.Name)]
public sealed class FragmentTests(ServiceLab shared)
{
    private const int Size = 4000;

    private RealLab Lab => shared.Lab;

    [KernelTheory]
    [InlineData(Pods.West, Pods.Web, "web-k9x2p/eth0")]
    [InlineData(Pods.East, Pods.Web, "web-k9x2p/eth0")]
    public void A_long_datagram_passes_between_pods(string from, string to, string place)
    {
        using Caller caller = Caller.Start(Lab.Member(from));
        foreach (AddressFamily family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            Assert.Equal(to, caller.Call("udp", $"{Lab.AddressOn(place, family)}", ServicePorts.Target, Size).Server);
        }
    }

    [KernelFact]
    public void A_long_datagram_and_its_answer_pass_the_masquerade()
    {
        using EchoServer server = new(Lab.Member(Pods.Outside), ServicePorts.Target);
        using Caller caller = Caller.Start(Lab.Member(Pods.East));
        for (int family = 0; family < 2; family++)
        {
            Answer answer = caller.Call("udp", Lab.Addresses(Pods.Outside)[family], ServicePorts.Target, Size);

            Assert.Equal((Pods.Outside, Lab.Addresses(Pods.EastNode)[family]), (answer.Server, $"{answer.Client}"));
        }
    }

    /// <summary>The backend is on the east node.</summary>
    [KernelTheory]
    [InlineData(Pods.EastNode)]
    [InlineData(Pods.WestNode)]
    public void A_long_datagram_and_its_answer_pass_a_node_port(string node)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));
        foreach (string address in Lab.Addresses(node))
        {
            Assert.Equal(Pods.East, caller.Call("udp", address, ServiceLab.Single.NodePort, Size).Server);
        }
    }

    /// <summary>By packet, from a pod.</summary>
    [KernelFact]
    public void A_long_datagram_and_its_answer_pass_a_service()
    {
        using Caller caller = Caller.StartOutsideCgroup(Lab.Member(Pods.West));
        foreach (string address in ServiceLab.Single.Addresses)
        {
            Assert.Equal(Pods.East, caller.Call("udp", address, 80, Size).Server);
        }
    }

    [KernelTheory]
    [InlineData(Pods.West, Pods.Web)]
    [InlineData(Pods.East, Pods.Web)]
    [InlineData(Pods.EastNode, Pods.Web)]
    [InlineData(Pods.East, Pods.Outside)]
    public void Fragments_may_come_in_any_order(string from, string to)
    {
        using EchoServer? outside = to == Pods.Outside ? new(Lab.Member(to), ServicePorts.Target) : null;
        using Caller caller = Caller.Start(Lab.Member(from));
        foreach (string address in Lab.Addresses(to))
        {
            Assert.Equal(to, caller.Do(string.Create(CultureInfo.InvariantCulture, $"reversed {address} {ServicePorts.Target} {Size}")).Server);
        }
    }

    [KernelTheory]
    [InlineData(Pods.EastNode)]
    [InlineData(Pods.WestNode)]
    public void Fragments_to_a_node_port_may_come_in_any_order(string node)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));
        foreach (string address in Lab.Addresses(node))
        {
            Assert.Equal(Pods.East, caller.Do(string.Create(CultureInfo.InvariantCulture, $"reversed {address} {ServiceLab.Single.NodePort} {Size}")).Server);
        }
    }
}
