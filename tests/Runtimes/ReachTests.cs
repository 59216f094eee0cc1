using System.Net.Sockets;
using EndToEnd.Harness;
using Runtimes.Harness;

namespace Runtimes;

/// <summary>Pods of two nodes with two runtimes talk through the overlay, with each other and with the lab's own pods.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class ReachTests(RuntimeLab shared)
{
    [RuntimeTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Pods_of_containerd_and_podman_talk_with_each_other_by_icmp_tcp_and_udp(int family)
    {
        using CriPod east = shared.Cri.Run();
        using PodmanContainer west = shared.Podman.Run();

        east.Ping(west.Addresses[family]);
        west.Ping(east.Addresses[family]);
        east.Exchange(west, SocketType.Stream, family);
        west.Exchange(east, SocketType.Stream, family);
        east.Exchange(west, SocketType.Dgram, family);
        west.Exchange(east, SocketType.Dgram, family);
    }

    [RuntimeTheory]
    [InlineData(Pods.East)]
    [InlineData(Pods.West)]
    public void They_talk_with_the_labs_own_pods_of_both_nodes(string other)
    {
        using CriPod east = shared.Cri.Run();
        using PodmanContainer west = shared.Podman.Run();
        foreach ((string address, int family) in shared.Lab.Addresses(other).Select((address, family) => (address, family)))
        {
            east.Ping(address);
            west.Ping(address);
            shared.Lab.Exec(other, "ping", "-c", "1", "-W", "5", east.Addresses[family]);
            shared.Lab.Exec(other, "ping", "-c", "1", "-W", "5", west.Addresses[family]);
        }
    }

    /// <summary>The numbers on the wire are those of the endpoints, so the packets went through the overlay.</summary>
    [RuntimeFact]
    public void Packets_between_them_carry_the_senders_identities()
    {
        using CriPod east = shared.Cri.Run(new Dictionary<string, string> { ["app"] = "runtime-east" });
        using PodmanContainer west = shared.Podman.Run();
        Labels.Has(shared.Lab, Pods.EastNode, east.Id, "k8s:app=runtime-east");
        using OverlayCapture capture = new(shared.Lab.Member(Pods.EastNode));

        east.Ping(west.Addresses[0]);

        OverlayPacket request = capture.Next(packet => packet.InnerSource == east.Addresses[0]);
        OverlayPacket reply = capture.Next(packet => packet.InnerSource == west.Addresses[0]);
        Assert.Equal(EndpointView.Find(shared.Lab, Pods.EastNode, east.Id)!.Identity, request.Vni);
        Assert.Equal(EndpointView.Find(shared.Lab, Pods.WestNode, west.Id)!.Identity, reply.Vni);
        Assert.NotEqual(request.Vni, reply.Vni);
    }

    [RuntimeFact]
    public void Ctr_runs_containers_in_the_network_and_takes_them_out()
    {
        int before = EndpointView.List(shared.Lab, Pods.EastNode).Count;

        string addresses = shared.Lab.Exec(Pods.EastNode, "ctr", "run", "--rm", "--cni", "localhost/busybox:1", "by-ctr",
            "sh", "-c", $"ip address show eth0 && ping -c 1 -W 5 {Pods.WestAddress}");

        Assert.Contains("inet 10.0.1.", addresses, StringComparison.Ordinal);
        Assert.Contains("1 packets received", addresses, StringComparison.Ordinal);
        Assert.Equal(before, EndpointView.List(shared.Lab, Pods.EastNode).Count);
    }
}
