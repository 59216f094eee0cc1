using Weft.Lab.Nodes;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Netlink;

namespace Weft.Lab.Pods;

/// <summary>The network namespace that stands for a pod; its eth0 is made by the node's agent.</summary>
public sealed class PodSandbox
{
    private const string Loopback = "lo";

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

    public void Create()
    {
        using NetworkNamespace created = NetworkNamespace.Create(Netns);
        NamespaceSettings.DisableIPv6(created);
        using RtNetlink netlink = RtNetlink.Open(created);
        netlink.Links.SetUp(netlink.Links.Get(Loopback).Index);
    }

    public void Remove() => NetworkNamespace.Delete(Netns);
}
