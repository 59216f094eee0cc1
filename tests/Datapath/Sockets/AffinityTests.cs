using System.Net.Sockets;
using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

public sealed class AffinityTests(SocketFixture fixture) : SocketTest(fixture)
{
    private const uint Timeout = 600;

    private static readonly uint s_one = Backend.One.IdOf(ProtocolType.Tcp, AddressFamily.InterNetwork);

    [KernelFact]
    public void All_connections_of_a_pod_go_to_its_first_backend()
    {
        Services.Put(ProtocolType.Tcp, ClusterIp, Backend.All, Timeout);
        int first = Call(Pod, ClusterIp);

        Assert.All(Enumerable.Range(0, 30), _ => Assert.Equal(first, Call(Pod, ClusterIp)));
    }

    [KernelFact]
    public void Datagrams_of_all_sockets_go_to_the_same_backend()
    {
        Services.Put(ProtocolType.Udp, ClusterIp, Backend.All, Timeout);
        int first = Ask(Open(Pod, ProtocolType.Udp), ClusterIp).Backend;

        Assert.All(Enumerable.Range(0, 30), _ => Assert.Equal(first, Ask(Open(Pod, ProtocolType.Udp), ClusterIp).Backend));
    }

    [KernelFact]
    public void A_backend_within_its_time_is_kept_and_the_use_noted()
    {
        AffinityKey client = Give(used: DatapathFixture.Now - Timeout + 60); // a slow machine has that long

        Assert.Equal(1, Call(Pod, ClusterIp));

        AffinityValue now = Services.Affinity[client];
        Assert.Equal(s_one, now.BackendId);
        Assert.InRange(DatapathFixture.Now - now.Used, 0u, 5u);
    }

    [KernelFact]
    public void A_backend_past_its_time_is_given_up()
    {
        AffinityKey client = Give(used: DatapathFixture.Now - Timeout - 2);

        Assert.Equal(2, Call(Pod, ClusterIp));

        Assert.Equal(Backend.Two.IdOf(ProtocolType.Tcp, AddressFamily.InterNetwork), Services.Affinity[client].BackendId);
    }

    [KernelFact]
    public void A_backend_that_is_gone_is_given_up()
    {
        Give(used: DatapathFixture.Now);
        Services.Forget(Backend.One, ProtocolType.Tcp, AddressFamily.InterNetwork);

        Assert.Equal(2, Call(Pod, ClusterIp));
    }

    [KernelFact]
    public void Pods_and_the_node_have_affinities_of_their_own()
    {
        Give(used: DatapathFixture.Now);

        Assert.Equal(2, Call(Node.Node, ClusterIp));
        Assert.Equal(1, Call(Pod, ClusterIp));
    }

    /// <summary>The pod's backend is One, while the list has only Two: who gets One has it by affinity.</summary>
    private AffinityKey Give(uint used)
    {
        uint service = Services.Put(ProtocolType.Tcp, ClusterIp, [Backend.Two], Timeout);
        AffinityKey client = ServiceMaps.Client(SocketNode.CookieOf(Pod), service);
        Services.Affinity.Update(client, new AffinityValue { BackendId = s_one, Used = used });
        return client;
    }
}
