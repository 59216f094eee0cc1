namespace Weft.Packets.Tests;

/// <summary>Packets of an overlay between two nodes, as tcpdump captured them on the underlay.</summary>
internal static class KernelPackets
{
    public const string EchoInVxlanHex =
        "2a2d7426e3ded210e9bd43620800450000862be900004011c8b2c0a8023dc0a8023e93da2118007200000800000000218d00"
        + "a266a88dff11e617ac29d7bf08004500005419ce4000400108740a0001d10a00029708003f565fb10001a054036b00000000"
        + "ec640a0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";

    /// <summary>Its TCP checksum is left to offload: it covers the pseudo-header only.</summary>
    public const string TcpInVxlanHex =
        "2a2d7426e3ded210e9bd43620800450000662c0500004011c8b6c0a8023dc0a8023eaf6d2118005200000800000000000400"
        + "426870dcff30b2653444e4bd0800450000342aef40004006f7e50a0001de0a0002121090cfb0e6e0df668188756f8010003f"
        + "181600000101080a4286a4f47218e35b";

    public static byte[] EchoInVxlan => Convert.FromHexString(EchoInVxlanHex);

    public static byte[] TcpInVxlan => Convert.FromHexString(TcpInVxlanHex);
}
