using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Services as a host beyond the cluster's network meets them.</summary>
[Collection(ServiceLabTests.Name)]
public sealed class OutsideServiceTests(ServiceLab shared)
{
    private RealLab Lab => shared.Lab;

    /// <summary>Of two backends one is on the node that is called, and one is not.</summary>
    [KernelTheory]
    [InlineData("tcp")]
    [InlineData("udp")]
    [InlineData("sendto")]
    public void A_node_port_leads_to_each_backend_from_both_nodes(string kind)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in (string[])[.. Lab.Addresses(Pods.EastNode), .. Lab.Addresses(Pods.WestNode)])
        {
            Answer[] answers = [.. Enumerable.Range(0, 40).Select(_ => caller.Call(kind, address, ServiceLab.Web.NodePort))];

            Assert.Equal([Pods.East, Pods.Web], answers.Select(answer => answer.Server).Distinct().Order());
            Assert.All(answers, answer => Assert.Equal($"{address}:{ServiceLab.Web.NodePort}", answer.Peer));
        }
    }

    [KernelFact]
    public void A_megabyte_passes_through_a_node_port_to_a_remote_backend()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in Lab.Addresses(Pods.WestNode))
        {
            Assert.Equal(Pods.East, caller.Call("tcp", address, ServiceLab.Single.NodePort, 1_000_000).Server);
        }
    }

    /// <summary>As if there were no service.</summary>
    [KernelTheory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void A_cluster_address_does_not_exist(string kind)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in ServiceLab.Web.Addresses)
        {
            AssertDropped("Is a ClusterIP", () => caller.Do($"send {kind} {address} 80"));
        }
    }

    [KernelFact]
    public void A_node_port_without_backends_is_refused_at_once()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in Lab.Addresses(Pods.EastNode))
        {
            foreach (string kind in new[] { "tcp", "udp" })
            {
                Answer answer = caller.TryCall(kind, address, ServiceLab.Empty.NodePort);

                Assert.Equal("ECONNREFUSED", answer.Error);
                Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            }
        }
    }

    [KernelTheory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void An_external_address_leads_to_backends(string kind)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in ServiceLab.ExternalAddresses)
        {
            Answer[] answers = [.. Enumerable.Range(0, 40).Select(_ => caller.Call(kind, address, 80))];

            Assert.Equal([Pods.East, Pods.Web], answers.Select(answer => answer.Server).Distinct().Order());
        }
    }

    /// <summary>The one backend is on the east node; the west node has none of its own, and refuses.</summary>
    [KernelTheory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void With_policy_local_the_backend_sees_the_client(string kind)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        for (int family = 0; family < 2; family++)
        {
            Answer answer = caller.Call(kind, Lab.Addresses(Pods.EastNode)[family], ServiceLab.Local.NodePort);

            Assert.Equal((Pods.East, Lab.Addresses(Pods.Outside)[family]), (answer.Server, $"{answer.Client}"));
            Assert.Equal("ECONNREFUSED", caller.TryCall(kind, Lab.Addresses(Pods.WestNode)[family], ServiceLab.Local.NodePort).Error);
        }
    }

    /// <summary>The backend is on the east node: the west one passes the client's packet on as it is.</summary>
    [KernelTheory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void With_direct_return_the_backend_sees_the_client(string kind)
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string node in new[] { Pods.EastNode, Pods.WestNode })
        {
            for (int family = 0; family < 2; family++)
            {
                string address = Lab.Addresses(node)[family];
                Answer answer = caller.Call(kind, address, ServiceLab.Direct.NodePort, 1000);

                Assert.Equal((Pods.East, Lab.Addresses(Pods.Outside)[family]), (answer.Server, $"{answer.Client}"));
                Assert.Equal($"{address}:{ServiceLab.Direct.NodePort}", answer.Peer);
            }
        }
    }

    [KernelFact]
    public void Maglev_leads_to_each_backend()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in (string[])[.. Lab.Addresses(Pods.EastNode), .. Lab.Addresses(Pods.WestNode)])
        {
            string[] servers = [.. Enumerable.Range(0, 40).Select(_ => caller.Call("tcp", address, ServiceLab.Maglev.NodePort).Server)];

            Assert.Equal([Pods.East, Pods.Web], servers.Distinct().Order());
        }
    }

    [KernelFact]
    public void Ranges_let_in_whom_they_name_and_nobody_else()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in ServiceLab.OpenAddresses)
        {
            Assert.Contains(caller.Call("tcp", address, 80).Server, ServiceLab.WebServers);
        }

        foreach (string address in ServiceLab.ClosedAddresses)
        {
            AssertDropped("Denied by LB src range check", () => caller.Do($"send tcp {address} 80"));
        }
    }

    [KernelFact]
    public void With_affinity_a_client_stays_with_its_backend()
    {
        using Caller caller = Caller.Start(Lab.Member(Pods.Outside));

        foreach (string address in Lab.Addresses(Pods.EastNode))
        {
            Assert.Single(Enumerable.Range(0, 40).Select(_ => caller.Call("tcp", address, ServiceLab.Sticky.NodePort).Server).Distinct());
        }
    }

    private void AssertDropped(string reason, Action send)
    {
        long before = Lab.Counted(Pods.EastNode, reason);
        send();
        Eventually.Passes(() => Assert.Equal(before + 1, Lab.Counted(Pods.EastNode, reason)));
    }
}
