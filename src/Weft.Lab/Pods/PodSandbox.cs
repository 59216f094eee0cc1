using Weft.Lab.Nodes;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Netlink;

namespace Weft.Lab.Pods;

/// <summary>The network namespace that stands for a pod; its eth0 is made by the node's agent.</summary>
public sealed class PodSandbox
{
    private readonly string _lab;
    private readonly string _pod;

    public PodSandbox(string lab, string pod)
    {
        _lab = lab;
        _pod = pod;
    }

    public string Netns => LabNames.NetnsOf(_lab, _pod);

    public string Path => $"{NetworkNamespace.Directory}/{Netns}";

    public bool Exists => NetworkNamespace.Exists(Netns);

    /// <param name="ipv6">Whether its node gives IPv6 addresses to pods.</param>
    public void Create(bool ipv6)
    {
        using NetworkNamespace created = NetworkNamespace.Create(Netns);
        NamespaceSettings.SetIPv6(created, ipv6);
        using RtNetlink netlink = RtNetlink.Open(created);
        Devices.SetUp(netlink, LabNames.Loopback, linkLocal: false);
    }

    public void Remove() => NetworkNamespace.Delete(Netns);
}
