using Weft.Packets.Build;

namespace Weft.Packets.Tests;

/// <summary>Builds what the kernel sent, byte for byte: packets of an overlay, captured by tcpdump between two nodes.</summary>
public class BuilderTests
{
    [Fact]
    public void Builds_the_kernels_echo_request_in_vxlan()
    {
        byte[] kernel = KernelPackets.EchoInVxlan;
        byte[] built = Outer(id: 11241, sourcePort: 37850)
            .Vxlan(8589)
            .Ethernet("e6:17:ac:29:d7:bf", "a2:66:a8:8d:ff:11")
            .Add(new IPv4Layer(IPv4Address.Parse("10.0.1.209"), IPv4Address.Parse("10.0.2.151")) { Id = 6606, DontFragment = true })
            .EchoRequest(24497, 1)
            .Payload(kernel.AsMemory()[^56..])
            .ToArray();
        Assert.Equal(KernelPackets.EchoInVxlanHex, Convert.ToHexStringLower(built));
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
        Assert.Equal(KernelPackets.TcpInVxlanHex, Convert.ToHexStringLower(built));
    }

    [Fact]
    public void Reads_every_layer_of_the_kernels_packet()
    {
        byte[] kernel = KernelPackets.EchoInVxlan;
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
