using System.Net;
using System.Net.Sockets;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>A lab of the default topology with services of many kinds, whose backends answer; tests only call them.</summary>
/// <remarks>The outside host and the router have routes to the addresses of services, through the east node.</remarks>
public sealed class ServiceLab : IDisposable
{
    private const string Range4 = "198.51.100.0/24";
    private const string Range6 = "2001:db8:198::/64";

    /// <summary>A backend on each node, and external addresses.</summary>
    internal static readonly ServiceManifest Web =
        new("web", "10.96.0.1", "fd96::1", "10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1", "10.0.0.45@bpf2", "fd00:10::45@bpf2")
        {
            NodePort = 30080,
            Spec = "  externalIPs: [198.51.100.1, \"2001:db8:198::1\"]",
        };

    internal static readonly ServiceManifest Empty = new("empty", "10.96.0.2", "fd96::2") { NodePort = 30081 };

    /// <summary>Its one backend is on the east node.</summary>
    internal static readonly ServiceManifest Single =
        new("single", "10.96.0.3", "fd96::3", "10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1") { NodePort = 30082 };

    internal static readonly ServiceManifest Sticky =
        Web with { Name = "sticky", ClusterIP = "10.96.0.4", ClusterIP6 = "fd96::4", NodePort = 30083, Spec = "  sessionAffinity: ClientIP" };

    internal static readonly ServiceManifest Local =
        Single with { Name = "local", ClusterIP = "10.96.0.5", ClusterIP6 = "fd96::5", NodePort = 30084, Spec = "  externalTrafficPolicy: Local" };

    internal static readonly ServiceManifest Direct =
        Single with { Name = "direct", ClusterIP = "10.96.0.8", ClusterIP6 = "fd96::8", NodePort = 30085, Annotations = "weft.io/forwarding-mode: dsr" };

    internal static readonly ServiceManifest Maglev =
        Web with { Name = "maglev", ClusterIP = "10.96.0.9", ClusterIP6 = "fd96::9", NodePort = 30086, Spec = "", Annotations = "weft.io/algorithm: maglev" };

    internal static readonly ServiceManifest Open = Ranged("open", 6, "203.0.113.0/24, \"2001:db8:113::/64\"");

    internal static readonly ServiceManifest Closed = Ranged("closed", 7, "203.0.112.0/24, \"2001:db8:112::/64\"");

    private readonly List<EchoServer> _servers = [];

    public ServiceLab()
    {
        Lab.Up(LabTopology.DefaultText);
        _servers.Add(new EchoServer(Lab.Member(Pods.East), ServicePorts.Target));
        _servers.Add(new EchoServer(Lab.Member(Pods.Web), ServicePorts.Target));
        Lab.Apply(Web, Empty, Single, Sticky, Local, Direct, Maglev, Open, Closed);
        foreach (string range in new[] { "10.96.0.0/24", "fd96::/64", Range4, Range6 })
        {
            RouteToEast(range);
        }
    }

    internal static IReadOnlyList<string> WebServers { get; } = [Pods.East, Pods.Web];

    internal static IReadOnlyList<string> ExternalAddresses { get; } = ["198.51.100.1", "2001:db8:198::1"];

    internal static IReadOnlyList<string> OpenAddresses { get; } = ["198.51.100.6", "2001:db8:198::6"];

    internal static IReadOnlyList<string> ClosedAddresses { get; } = ["198.51.100.7", "2001:db8:198::7"];

    internal RealLab Lab { get; } = new();

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        Lab.Dispose();
    }

    private static ServiceManifest Ranged(string name, int number, string ranges) => Web with
    {
        Name = name,
        ClusterIP = $"10.96.0.{number}",
        ClusterIP6 = $"fd96::{number}",
        NodePort = 30090 + number,
        Type = "LoadBalancer",
        Spec = $"  loadBalancerSourceRanges: [{ranges}]",
        Status = $"status: {{ loadBalancer: {{ ingress: [ {{ ip: 198.51.100.{number} }}, {{ ip: \"2001:db8:198::{number}\" }} ] }} }}",
    };

    private void RouteToEast(string range)
    {
        bool six = IPNetwork.Parse(range).BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        OutsideSpec host = Lab.Topology.FindOutside(Pods.Outside)!;
        string family = six ? "-6" : "-4";
        Tool.Run("ip", "-n", Lab.Member(Pods.Outside).Netns, family, "route", "add", range, "via", $"{(six ? host.Router6 : host.Router)}");
        Tool.Run("ip", "-n", LabNames.NetnsOf(Lab.Name, LabNames.Underlay), family, "route", "add", range, "via", Lab.Addresses(Pods.EastNode)[six ? 1 : 0]);
    }
}
