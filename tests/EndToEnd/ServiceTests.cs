using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Services from inside: their cluster addresses and node ports, at the socket and by packet.</summary>
[Collection(ServiceLabTests.Name)]
public sealed class ServiceTests(ServiceLab shared)
{
    /// <summary>The latter before Linux 6.1, where a program cannot say why.</summary>
    private static readonly string[] s_taken = ["EADDRINUSE", "EPERM"];

    private RealLab Lab => shared.Lab;

    /// <summary>A pod or a node's process; programs outside of the cgroup are translated by packet.</summary>
    [KernelTheory]
    [InlineData(Pods.East, false)]
    [InlineData(Pods.East, true)]
    [InlineData(Pods.West, false)]
    [InlineData(Pods.West, true)]
    [InlineData(Pods.EastNode, false)]
    [InlineData(Pods.WestNode, false)]
    public void A_cluster_address_leads_to_each_backend(string from, bool byPacket)
    {
        using Caller caller = StartCaller(from, byPacket);

        foreach (string address in ServiceLab.Web.Addresses)
        {
            foreach (string kind in new[] { "tcp", "udp", "sendto" })
            {
                // Each of two backends is missed by 40 picks at random once in 10^12.
                Answer[] answers = [.. Enumerable.Range(0, 40).Select(_ => caller.Call(kind, address, 80))];

                Assert.Equal([Pods.East, Pods.Web], answers.Select(answer => answer.Server).Distinct().Order());
                Assert.All(answers, answer => Assert.Equal($"{address}:80", answer.Peer));
            }
        }
    }

    [KernelTheory]
    [InlineData(Pods.EastNode)]
    [InlineData(Pods.WestNode)]
    public void A_node_port_is_reached_from_a_process_of_the_node(string node)
    {
        using Caller caller = Caller.Start(Lab.Member(node));

        foreach (string address in (string[])[.. Lab.Addresses(Pods.EastNode), .. Lab.Addresses(Pods.WestNode), "127.0.0.1", "::1"])
        {
            Assert.Contains(caller.Call("tcp", address, ServiceLab.Web.NodePort).Server, ServiceLab.WebServers);
            Assert.Contains(caller.Call("udp", address, ServiceLab.Web.NodePort).Server, ServiceLab.WebServers);
        }
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_node_port_is_reached_from_a_pod(bool byPacket)
    {
        using Caller caller = StartCaller(Pods.West, byPacket);

        foreach (string address in (string[])[.. Lab.Addresses(Pods.EastNode), .. Lab.Addresses(Pods.WestNode)])
        {
            Assert.Contains(caller.Call("tcp", address, ServiceLab.Web.NodePort).Server, ServiceLab.WebServers);
            Assert.Contains(caller.Call("udp", address, ServiceLab.Web.NodePort).Server, ServiceLab.WebServers);
        }
    }

    [KernelTheory]
    [InlineData(Pods.East, false)]
    [InlineData(Pods.East, true)]
    [InlineData(Pods.EastNode, false)]
    public void A_service_without_backends_is_refused_at_once(string from, bool byPacket)
    {
        using Caller caller = StartCaller(from, byPacket);

        foreach (string address in ServiceLab.Empty.Addresses)
        {
            foreach (string kind in new[] { "tcp", "udp", "sendto" })
            {
                // Nobody tells an unconnected socket of an ICMP error: it only learns of it at the socket.
                if (kind == "sendto" && byPacket)
                {
                    continue;
                }

                Answer answer = caller.TryCall(kind, address, 80);

                Assert.Equal("ECONNREFUSED", answer.Error);
                Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>The only backend calls its own service: it has to see the service as the other end, not itself.</summary>
    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backend_reaches_itself_through_its_service(bool byPacket)
    {
        using Caller caller = StartCaller(Pods.East, byPacket);

        foreach (string address in ServiceLab.Single.Addresses)
        {
            foreach (string kind in new[] { "tcp", "udp" })
            {
                Answer answer = caller.Call(kind, address, 80, 1000);

                Assert.Equal((Pods.East, $"{address}:80"), (answer.Server, answer.Peer));
            }
        }
    }

    /// <summary>The same by a node port, of the node that it is on and of the other one.</summary>
    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backend_reaches_itself_through_a_node_port(bool byPacket)
    {
        using Caller caller = StartCaller(Pods.East, byPacket);

        foreach (string address in (string[])[.. Lab.Addresses(Pods.EastNode), .. Lab.Addresses(Pods.WestNode)])
        {
            foreach (string kind in new[] { "tcp", "udp" })
            {
                Answer answer = caller.Call(kind, address, ServiceLab.Single.NodePort, 1000);

                Assert.Equal((Pods.East, $"{address}:{ServiceLab.Single.NodePort}"), (answer.Server, answer.Peer));
            }
        }
    }

    /// <summary>Source ranges are about clients from outside.</summary>
    [KernelTheory]
    [InlineData(Pods.West, false)]
    [InlineData(Pods.West, true)]
    [InlineData(Pods.EastNode, false)]
    public void External_addresses_lead_to_backends_from_inside_too(string from, bool byPacket)
    {
        using Caller caller = StartCaller(from, byPacket);

        foreach (string address in (string[])[.. ServiceLab.ExternalAddresses, .. ServiceLab.OpenAddresses])
        {
            Assert.Contains(caller.Call("tcp", address, 80).Server, ServiceLab.WebServers);
            Assert.Contains(caller.Call("udp", address, 80).Server, ServiceLab.WebServers);
        }
    }

    [KernelTheory]
    [InlineData(Pods.West, false)]
    [InlineData(Pods.West, true)]
    [InlineData(Pods.WestNode, false)]
    public void With_affinity_a_client_stays_with_its_backend(string from, bool byPacket)
    {
        using Caller caller = StartCaller(from, byPacket);

        foreach (string address in ServiceLab.Sticky.Addresses)
        {
            Assert.Single(Enumerable.Range(0, 40).Select(_ => caller.Call("tcp", address, 80).Server).Distinct());
        }
    }

    [KernelFact]
    public void A_process_of_the_node_cannot_bind_a_node_port()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.EastNode));

        Assert.Contains(caller.Try($"bind tcp 0.0.0.0 {ServiceLab.Web.NodePort}").Error, s_taken);
        Assert.Contains(caller.Try($"bind udp :: {ServiceLab.Web.NodePort}").Error, s_taken);
    }

    private Caller StartCaller(string from, bool byPacket) =>
        byPacket ? Caller.StartOutsideCgroup(Lab.Member(from)) : Caller.Start(Lab.Member(from));
}
