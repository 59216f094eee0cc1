using System.Buffers;
using System.Text;
using Weft.Packets.Build;
using Weft.Packets.Text;

namespace Weft.Packets.Tests.Text;

public class PacketSummaryTests
{
    private static readonly PacketBuilder Frame = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
    private static readonly PacketBuilder Pods = Frame.IPv4("10.0.1.180", "10.0.0.23");

    public static TheoryData<string, byte[]> Packets => new()
    {
        { "10.0.1.180:4242 -> 10.0.0.23:80 tcp SYN", Pods.Tcp(4242, 80, TcpFlags.Syn).ToArray() },
        { "10.0.1.180:80 -> 10.0.0.23:4242 tcp SYN, ACK", Pods.Tcp(80, 4242, TcpFlags.Syn | TcpFlags.Ack).ToArray() },
        { "10.0.1.180:4242 -> 10.0.0.23:80 tcp ACK, FIN", Pods.Tcp(4242, 80, TcpFlags.Ack | TcpFlags.Fin | TcpFlags.Psh).ToArray() },
        { "10.0.1.180:4242 -> 10.0.0.23:80 tcp ACK, RST", Pods.Tcp(4242, 80, TcpFlags.Ack | TcpFlags.Rst).ToArray() },
        { "10.0.1.180:4242 -> 10.0.0.23:80 tcp", Pods.Tcp(4242, 80, TcpFlags.None).ToArray() },
        { "10.0.1.180:4242 -> 10.0.0.23:53 udp", Pods.Udp(4242, 53).Payload(10).ToArray() },
        { "10.0.1.180 -> 10.0.0.23 icmp EchoRequest", Pods.EchoRequest(1, 2).ToArray() },
        { "10.0.1.180 -> 10.0.0.23 icmp EchoReply", Pods.EchoReply(1, 2).ToArray() },
        { "10.0.1.180 -> 10.0.0.23 icmp 42(3)", Pods.Icmp((IcmpType)42, 3).ToArray() },
        { "[fe80::1]:1 -> [fe80::2]:2 udp", Frame.IPv6("fe80::1", "fe80::2").Udp(1, 2).ToArray() },
        { "fe80::1 -> fe80::2 icmpv6 NeighborSolicitation", Frame.IPv6("fe80::1", "fe80::2").Add(new Icmpv6Layer(Icmpv6Type.NeighborSolicitation, 0)).ToArray() },
        { "arp who-has 10.0.1.159 tell 10.0.1.180", Frame.ArpRequest(default, "10.0.1.180", "10.0.1.159").ToArray() },
        { "02:00:00:00:00:01 -> 02:00:00:00:00:02 UnknownEthernetType (0x88cc)", new PacketBuilder().Add(new EthernetLayer(MacAddress.Parse("02:00:00:00:00:01"), MacAddress.Parse("02:00:00:00:00:02")) { Type = (EtherType)0x88cc }).ToArray() },
        { "10.0.1.209 -> 10.0.2.151 icmp EchoRequest [tunnel 192.168.2.61:37850 -> 192.168.2.62:8472 vxlan vni 8589]", KernelPackets.EchoInVxlan },
        { "unreadable packet [tunnel 192.168.2.61:37850 -> 192.168.2.62:8472 vxlan vni 8589]", KernelPackets.EchoInVxlan[..51] },
        { "192.168.2.61:37850 -> 192.168.2.62:8472 udp", KernelPackets.EchoInVxlan[..49] },
        { "192.168.2.61 -> 192.168.2.62 udp", KernelPackets.EchoInVxlan[..37] },
        { "192.168.2.61:37850 -> 192.168.2.62:8472 udp", KernelPackets.EchoInVxlan[..38] },
        { "unreadable packet", KernelPackets.EchoInVxlan[..13] },
        { "unreadable packet", [] },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void Says_who_to_whom_and_what(string expected, byte[] packet) => Assert.Equal(expected, Summary(packet));

    [Fact]
    public void An_error_names_the_flow_that_it_is_about()
    {
        byte[] quoted = new PacketBuilder().IPv4("10.0.1.180", "10.0.0.23").Tcp(4242, 80, TcpFlags.Ack).Payload(1400).ToArray();
        byte[] packet = Frame.IPv4("10.0.1.159", "10.0.1.180")
            .Icmp(IcmpType.DestinationUnreachable, 4, nextHopMtu: 1450).Payload(quoted.AsMemory(0, 28)).ToArray();
        Assert.Equal(
            "10.0.1.159 -> 10.0.1.180 icmp DestinationUnreachable(FragmentationNeeded) mtu 1450 about 10.0.1.180:4242 -> 10.0.0.23:80 tcp",
            Summary(packet));
    }

    [Fact]
    public void An_error_about_a_ping_is_still_an_error()
    {
        byte[] quoted = new PacketBuilder().IPv4("10.0.1.180", "10.0.0.23").EchoRequest(7, 1).ToArray();
        byte[] packet = Frame.IPv4("10.0.1.159", "10.0.1.180").Icmp(IcmpType.TimeExceeded, 0).Payload(quoted).ToArray();
        Assert.Equal(
            "10.0.1.159 -> 10.0.1.180 icmp TimeExceeded(TTLExceeded) about 10.0.1.180 -> 10.0.0.23 icmp EchoRequest",
            Summary(packet));
    }

    [Fact]
    public void An_IPv6_fragment_says_where_it_belongs()
    {
        byte[] packet = Frame.Add(new IPv6Layer(IPv6Address.Parse("fe80::1"), IPv6Address.Parse("fe80::2")) { NextHeader = IPProtocol.Fragment })
            .Payload(new byte[] { 17, 0, 0x00, 0x18, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8 }).ToArray();
        Assert.Equal("fe80::1 -> fe80::2 udp fragment id 9 offset 24", Summary(packet));
    }

    [Fact]
    public void Fragments_have_no_ports_after_the_first()
    {
        var ip = new IPv4Layer(IPv4Address.Parse("10.0.1.180"), IPv4Address.Parse("10.0.0.23")) { Id = 9, MoreFragments = true };
        Assert.Equal("10.0.1.180:1 -> 10.0.0.23:2 udp fragment id 9 offset 0", Summary(Frame.Add(ip).Udp(1, 2).Payload(16).ToArray()));
        ip = ip with { FragmentOffset = 3, MoreFragments = false, ProtocolOverride = IPProtocol.Udp };
        Assert.Equal("10.0.1.180 -> 10.0.0.23 udp fragment id 9 offset 24", Summary(Frame.Add(ip).Payload(16).ToArray()));
    }

    private static string Summary(ReadOnlySpan<byte> packet)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PacketSummary.Write(new LayerReader(packet), new Utf8Output(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
