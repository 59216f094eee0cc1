using Weft.Packets.Build;

namespace Weft.Packets.Tests;

/// <summary>Builds what the kernel sent, byte for byte: packets of an overlay, captured by tcpdump between two nodes.</summary>
public class BuilderTests
{
    private const string KernelEchoInVxlan =
        "2a2d7426e3ded210e9bd43620800450000862be900004011c8b2c0a8023dc0a8023e93da2118007200000800000000218d00"
        + "a266a88dff11e617ac29d7bf08004500005419ce4000400108740a0001d10a00029708003f565fb10001a054036b00000000"
        + "ec640a0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";

    /// <summary>Its TCP checksum is left to offload: it covers the pseudo-header only.</summary>
    private const string KernelTcpInVxlan =
        "2a2d7426e3ded210e9bd43620800450000662c0500004011c8b6c0a8023dc0a8023eaf6d2118005200000800000000000400"
        + "426870dcff30b2653444e4bd0800450000342aef40004006f7e50a0001de0a0002121090cfb0e6e0df668188756f8010003f"
        + "181600000101080a4286a4f47218e35b";

    [Fact]
    public void Builds_the_kernels_echo_request_in_vxlan()
    {
        byte[] kernel = Convert.FromHexString(KernelEchoInVxlan);
        byte[] built = Outer(id: 11241, sourcePort: 37850)
            .Vxlan(8589)
            .Ethernet("e6:17:ac:29:d7:bf", "a2:66:a8:8d:ff:11")
            .Add(new IPv4Layer(IPv4Address.Parse("10.0.1.209"), IPv4Address.Parse("10.0.2.151")) { Id = 6606, DontFragment = true })
            .EchoRequest(24497, 1)
            .Payload(kernel.AsMemory()[^56..])
            .ToArray();
        Assert.Equal(KernelEchoInVxlan, Convert.ToHexStringLower(built));
    }

    [Fact]
    public void Builds_the_kernels_tcp_segment_in_vxlan()
    {
        byte[] built = Outer(id: 11269, sourcePort: 44909)
            .Vxlan(4)
            .Ethernet("b2:65:34:44:e4:bd", "42:68:70:dc:ff:30")
            .Add(new IPv4Layer(IPv4Address.Parse("10.0.1.222"), IPv4Address.Parse("10.0.2.18")) { Id = 10991, DontFragment = true })
            .Add(new TcpLayer(4240, 53168, TcpFlags.Ack)
            {
                Sequence = 0xe6e0df66,
                Acknowledgment = 0x8188756f,
                Window = 63,
                Checksum = 0x1816,
                Options = Convert.FromHexString("0101080a4286a4f47218e35b"),
            })
            .ToArray();
        Assert.Equal(KernelTcpInVxlan, Convert.ToHexStringLower(built));
    }

    [Fact]
    public void Reads_every_layer_of_the_kernels_packet()
    {
        byte[] kernel = Convert.FromHexString(KernelEchoInVxlan);
        Assert.True(EthernetHeader.TryParse(kernel, out EthernetHeader outer));
        Assert.True(IPv4Header.TryParse(outer.Payload, out IPv4Header underlay));
        Assert.True(UdpHeader.TryParse(underlay.Payload, out UdpHeader udp));
        Assert.True(VxlanHeader.TryParse(udp.Payload, out VxlanHeader vxlan));
        Assert.True(EthernetHeader.TryParse(vxlan.Payload, out EthernetHeader inner));
        Assert.True(IPv4Header.TryParse(inner.Payload, out IPv4Header ip));
        Assert.True(IcmpHeader.TryParse(ip.Payload, out IcmpHeader icmp));

        Assert.True(underlay.HasValidChecksum && ip.HasValidChecksum && icmp.HasValidChecksum);
        Assert.Equal(8589u, vxlan.Vni);
        Assert.Equal((ushort)24497, icmp.Id);
        Assert.Equal(56, icmp.Payload.Length);
    }

    [Fact]
    public void Udp_sends_the_other_zero_where_its_checksum_is_zero()
    {
        // 10.0.0.1 + 10.0.0.2 + 17 + 10 + 1 + 2 + 10 + payload is 0xffff with this payload.
        byte[] packet = new PacketBuilder().IPv4("10.0.0.1", "10.0.0.2").Udp(1, 2).Payload(new byte[] { 0xeb, 0xd4 }).ToArray();
        Assert.True(IPv4Header.TryParse(packet, out IPv4Header ip));
        Assert.True(UdpHeader.TryParse(ip.Payload, out UdpHeader udp));
        Assert.Equal((ushort)0xffff, udp.Checksum);
    }

    [Fact]
    public void Builders_share_a_beginning()
    {
        PacketBuilder shared = new PacketBuilder().IPv4("10.0.0.1", "10.0.0.2");
        byte[] tcp = shared.Tcp(1, 2, TcpFlags.Syn).ToArray();
        byte[] udp = shared.Udp(1, 2).ToArray();
        Assert.Equal((byte)IPProtocol.Tcp, tcp[9]);
        Assert.Equal((byte)IPProtocol.Udp, udp[9]);
    }

    private static PacketBuilder Outer(ushort id, ushort sourcePort) => new PacketBuilder()
        .Ethernet("d2:10:e9:bd:43:62", "2a:2d:74:26:e3:de")
        .Add(new IPv4Layer(IPv4Address.Parse("192.168.2.61"), IPv4Address.Parse("192.168.2.62")) { Id = id })
        .Add(new UdpLayer(sourcePort, VxlanHeader.LinuxPort) { Checksum = 0 });
}
