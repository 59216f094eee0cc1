using System.Net;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Each way that a packet can take, by TCP, UDP and ICMP, of both families; and who is seen at its end.</summary>
[Collection(SharedLabTests.Name)]
public sealed class FlowTests(SharedLab shared)
{
    private const int Port = 8080;

    private RealLab Lab => shared.Lab;

    /// <param name="seen">The device whose address the other end sees, as MEMBER/DEVICE.</param>
    [KernelTheory]
    // Pod to pod: on one node, and both ways between two.
    [InlineData(Pods.West, Pods.Web, "cni-j22kt/eth0")]
    [InlineData(Pods.East, Pods.Web, "cni-6vf5d/eth0")]
    [InlineData(Pods.Web, Pods.East, "web-k9x2p/eth0")]
    // Node to pod, its own and another's.
    [InlineData(Pods.EastNode, Pods.East, "bpf1/weft_host")]
    [InlineData(Pods.EastNode, Pods.Web, "bpf1/weft_host")]
    // Pod to node.
    [InlineData(Pods.East, Pods.EastNode, "cni-6vf5d/eth0")]
    [InlineData(Pods.East, Pods.WestNode, "cni-6vf5d/eth0")]
    [InlineData(Pods.West, Pods.EastNode, "cni-j22kt/eth0")]
    // To the world: masqueraded.
    [InlineData(Pods.East, Pods.Outside, "bpf1/ens3")]
    [InlineData(Pods.Web, Pods.Outside, "bpf2/ens3")]
    [InlineData(Pods.EastNode, Pods.Outside, "bpf1/ens3")]
    [InlineData(Pods.Outside, Pods.EastNode, "client/eth0")]
    public void Tcp_udp_and_icmp_pass(string from, string to, string seen)
    {
        using Caller caller = Caller.Start(Lab.Member(from));
        foreach (string address in Lab.Addresses(to))
        {
            using EchoServer server = new(Lab.Member(to), Port, address);
            IPAddress expected = Lab.AddressOn(seen, IPAddress.Parse(address).AddressFamily);

            Assert.Equal((to, expected), Seen(caller.Call("tcp", address, Port, 200_000)));
            Assert.Equal((to, expected), Seen(caller.Call("udp", address, Port)));
            Assert.Equal((to, expected), Seen(caller.Call("sendto", address, Port)));
            Lab.Exec(from, "ping", "-c", "1", "-W", "5", address);
        }
    }

    [KernelTheory]
    [InlineData(Pods.West, Pods.Web)]
    [InlineData(Pods.East, Pods.Web)]
    [InlineData(Pods.EastNode, Pods.Web)]
    [InlineData(Pods.East, Pods.WestNode)]
    [InlineData(Pods.East, Pods.Outside)]
    public void A_closed_port_is_told_at_once(string from, string to)
    {
        using Caller caller = Caller.Start(Lab.Member(from));
        foreach (string address in Lab.Addresses(to))
        {
            Assert.Equal("ECONNREFUSED", caller.TryCall("tcp", address, 9).Error);
            Assert.Equal("ECONNREFUSED", caller.TryCall("udp", address, 9).Error);
        }
    }

    private static (string Server, IPAddress Client) Seen(Answer answer) => (answer.Server, answer.Client);
}
