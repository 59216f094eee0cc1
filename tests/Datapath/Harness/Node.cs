using Weft.Abi;
using Weft.Packets;

namespace Datapath.Harness;

/// <summary>The node under test and others of the underlay.</summary>
internal static class Node
{
    public const string East = "192.168.2.61";
    public const string East6 = "fd00:2::61";
    public const string West = "192.168.2.62";
    public const string West6 = "fd00:2::62";

    /// <summary>On the same underlay, but no node of the cluster.</summary>
    public const string Stranger = "192.168.2.99";

    /// <summary>Behind the router of the underlay: the world.</summary>
    public const string Outside = "203.0.113.9";
    public const string Outside6 = "2001:db8:99::9";

    public const string Router = "10.0.1.159";
    public const string Router6 = "fd00:10:1::9f";
    public const string WestRouter = "10.0.0.159";
    public const string WestRouter6 = "fd00:10::9f";
    public const ushort HostEndpoint = 83;
    public const ushort TunnelPort = 8472;
    public const int OverlayMtu = 1450;
    public const uint OverlayIfIndex = 6;
    public const uint NetdevIfIndex = 2;
    public const uint HostIfIndex = 7;
    public const ushort NodePort = 30080;

    public static readonly DatapathConfig Config = new()
    {
        NodeAddr = WeftAddress.Parse(East),
        NodeAddr6 = WeftAddress.Parse(East6),
        RouterAddr = WeftAddress.Parse(Router),
        RouterAddr6 = WeftAddress.Parse(Router6),
        OverlayIfIndex = OverlayIfIndex,
        NetdevIfIndex = NetdevIfIndex,
        HostIfIndex = HostIfIndex,
        Flags = ConfigFlags.Masquerade4 | ConfigFlags.Masquerade6,
        NodePortMin = 30000,
        NodePortMax = 32767,
        OverlayMtu = OverlayMtu,
        TunnelPort = TunnelPort,
        NodeId = HostEndpoint,
    };

    public static uint Number(string address) => IPv4Address.Parse(address).Value;

    public static WeftAddress EastOn(Family family) => On(family, East, East6);

    public static WeftAddress WestOn(Family family) => On(family, West, West6);

    public static WeftAddress RouterOn(Family family) => On(family, Router, Router6);

    public static WeftAddress WestRouterOn(Family family) => On(family, WestRouter, WestRouter6);

    public static WeftAddress OutsideOn(Family family) => On(family, Outside, Outside6);

    private static WeftAddress On(Family family, string address, string address6) =>
        WeftAddress.Parse(family == Family.IPv4 ? address : address6);
}
