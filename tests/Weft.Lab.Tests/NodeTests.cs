using System.Net;
using Weft.Lab.Nodes;
using Weft.Lab.Probes;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

public sealed class NodeTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelFact]
    public async Task Nodes_reach_each_other_over_the_underlay()
    {
        using BareLab lab = new BareLab().Build();
        using EchoProbe probe = new(LabMember.Find(lab.Name, "east"));

        EchoResult result = await probe.SendAsync(IPAddress.Parse("192.168.2.2"), s_deadline, TestContext.Current.CancellationToken);

        Assert.True(result.IsReply, result.Error);
        Assert.Equal(64, result.TimeToLive);
        Assert.Equal(64, result.Bytes);
        Assert.Equal("192.168.2.2", result.From!.ToString());
    }

    [KernelFact]
    public async Task An_address_that_nobody_has_is_told_as_such()
    {
        using BareLab lab = new BareLab().Build();
        using EchoProbe probe = new(LabMember.Find(lab.Name, "east"));

        EchoResult result = await probe.SendAsync(IPAddress.Parse("10.0.2.7"), s_deadline, TestContext.Current.CancellationToken);

        Assert.False(result.IsReply);
        Assert.Contains("unreachable", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [KernelFact]
    public void The_underlay_has_the_mtu_of_the_topology()
    {
        using BareLab lab = new BareLab().Build();

        Link device = LabMember.Find(lab.Name, "west").Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            return netlink.Links.Get(UnderlayNetwork.NodeDevice);
        });

        Assert.Equal(1400, device.Mtu);
        Assert.True(device.IsUp);
        Assert.True(new UnderlayNetwork(lab.Name, lab.Topology).Exists);
    }

    [KernelFact]
    public void A_node_has_its_own_directories_in_the_usual_places()
    {
        using BareLab lab = new BareLab().Build();

        LabMember.Find(lab.Name, "east").Run(() =>
        {
            File.WriteAllText("/run/weft/here", "run");
            File.WriteAllText("/var/lib/weft/here", "state");
            File.WriteAllText($"{NodeSandbox.StoreDirectory}/here", "store");
            Directory.CreateDirectory("/sys/fs/bpf/weft");
            return 0;
        });

        Assert.Equal("run", File.ReadAllText(Path.Combine(lab.Paths.RunDirectory("east"), "here")));
        Assert.Equal("state", File.ReadAllText(Path.Combine(lab.Paths.StateDirectory("east"), "here")));
        Assert.Equal("store", File.ReadAllText(Path.Combine(lab.Paths.StoreDirectory, "here")));
        Assert.True(Directory.Exists(lab.Paths.BpfRoot("east")));
        Assert.Equal("store", LabMember.Find(lab.Name, "west").Run(() => File.ReadAllText($"{NodeSandbox.StoreDirectory}/here")));
        Assert.False(File.Exists(Path.Combine(lab.Paths.RunDirectory("west"), "here")));
    }

    [KernelFact]
    public void A_program_in_a_pod_is_in_the_pods_namespace()
    {
        using BareLab lab = new BareLab().Build();
        LabMember pod = LabMember.Find(lab.Name, "web");

        string link = lab.Output("web", "readlink", "/proc/self/ns/net").Text;

        using NetworkNamespace network = NetworkNamespace.Open(pod.Netns);
        Assert.Equal($"net:[{network.Inode}]", link.Trim());
    }

    [KernelFact]
    public void A_name_that_the_lab_lacks_is_told_with_those_that_it_has()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();

        LabException error = Assert.Throws<LabException>(() => LabMember.Find(lab.Name, "north"));

        Assert.Contains("(there are: east, west, web, client)", error.Message, StringComparison.Ordinal);
    }
}
