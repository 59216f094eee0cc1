using Weft.Abi;
using Weft.Packets;

namespace Datapath.Harness;

/// <summary>The node under test and others of the underlay.</summary>
internal static class Node
{
    public const string East = "192.168.2.61";
    public const string West = "192.168.2.62";

    /// <summary>On the same underlay, but no node of the cluster.</summary>
    public const string Stranger = "192.168.2.99";

    public const string Router = "10.0.1.159";
    public const ushort HostEndpoint = 83;
    public const ushort TunnelPort = 8472;
    public const int OverlayMtu = 1450;
    public const uint OverlayIfIndex = 6;
    public const uint NetdevIfIndex = 2;

    public static readonly DatapathConfig Config = new()
    {
        NodeAddr = WeftAddress.Parse(East),
        RouterAddr = WeftAddress.Parse(Router),
        OverlayIfIndex = OverlayIfIndex,
        NetdevIfIndex = NetdevIfIndex,
        OverlayMtu = OverlayMtu,
        TunnelPort = TunnelPort,
        NodeId = HostEndpoint,
    };

    public static uint Number(string address) => IPv4Address.Parse(address).Value;
}
