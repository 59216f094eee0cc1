using Weft.Netlink.Links;
using Weft.Netlink.Monitoring;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

/// <summary>Alone, as other tests open descriptors too.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public class LeakTests
{
    [KernelFact]
    public void Sockets_namespaces_and_monitors_are_given_back()
    {
        Leaks.NoDescriptors(() =>
        {
            using TestNamespace pod = TestNamespace.Create("pod");
            using Node node = new();
            using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.All, node.Namespace.Handle);
            LinkSettings inPod = new() { Namespace = pod.Handle, Up = true };
            node.Netlink.Links.CreateVeth("a", new LinkSettings(), "b", inPod);
            Assert.Throws<NetlinkException>(() => node.Netlink.Links.CreateVeth("a", new LinkSettings(), "c", inPod));
        });
        Leaks.NoTestNamespaces();
    }
}
