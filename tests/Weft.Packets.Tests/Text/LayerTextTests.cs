using System.Buffers;
using System.Text;
using Weft.Packets.Build;
using Weft.Packets.Text;

namespace Weft.Packets.Tests.Text;

public class LayerTextTests
{
    [Fact]
    public void An_echo_request_in_vxlan_reads_as_in_cilium_monitor()
    {
        Assert.Equal(
            """
            Ethernet	{Contents=[..14..] Payload=[..134..] SrcMAC=d2:10:e9:bd:43:62 DstMAC=2a:2d:74:26:e3:de EthernetType=IPv4 Length=0}
            IPv4	{Contents=[..20..] Payload=[..114..] Version=4 IHL=5 TOS=0 Length=134 Id=11241 Flags= FragOffset=0 TTL=64 Protocol=UDP Checksum=51378 SrcIP=192.168.2.61 DstIP=192.168.2.62 Options=[] Padding=[]}
            UDP	{Contents=[..8..] Payload=[..106..] SrcPort=37850 DstPort=8472(vxlan) Length=114 Checksum=0}
            VXLAN	{Contents=[..8..] Payload=[..98..] ValidIDFlag=true VNI=8589 GBPExtension=false GBPDontLearn=false GBPApplied=false GBPGroupPolicyID=0}
            Ethernet	{Contents=[..14..] Payload=[..84..] SrcMAC=e6:17:ac:29:d7:bf DstMAC=a2:66:a8:8d:ff:11 EthernetType=IPv4 Length=0}
            IPv4	{Contents=[..20..] Payload=[..64..] Version=4 IHL=5 TOS=0 Length=84 Id=6606 Flags=DF FragOffset=0 TTL=64 Protocol=ICMPv4 Checksum=2164 SrcIP=10.0.1.209 DstIP=10.0.2.151 Options=[] Padding=[]}
            ICMPv4	{Contents=[..8..] Payload=[..56..] TypeCode=EchoRequest Checksum=16214 Id=24497 Seq=1}

            """,
            Layers(KernelPackets.EchoInVxlan));
    }

    [Fact]
    public void A_tcp_segment_shows_its_options()
    {
        Assert.EndsWith(
            """
            TCP	{Contents=[..32..] Payload=[] SrcPort=4240 DstPort=53168 Seq=3873496934 Ack=2173203823 DataOffset=8 FIN=false SYN=false RST=false PSH=false ACK=true URG=false ECE=false CWR=false NS=false Window=63 Checksum=6166 Urgent=0 Options=[TCPOption(NOP:), TCPOption(NOP:), TCPOption(Timestamps:1116120308/1914233691 0x4286a4f47218e35b)] Padding=[]}

            """,
            Layers(KernelPackets.TcpInVxlan),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_that_was_not_captured_whole_says_so()
    {
        string text = Layers(KernelPackets.EchoInVxlan.AsSpan(0, 128));
        Assert.Contains("ICMPv4\t{Contents=[..8..] Payload=[..36..]", text, StringComparison.Ordinal);
        Assert.EndsWith("  Packet has been truncated\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_cut_short_is_named_as_the_end()
    {
        string text = Layers(KernelPackets.TcpInVxlan.AsSpan(0, 14 + 20 + 8 + 8 + 14 + 20 + 19));
        Assert.EndsWith(
            "  Packet has been truncated\n  Failed to decode layer: the header that should follow is cut short or contradicts itself\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_not_read_is_named_by_number()
    {
        byte[] packet = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
            .Add(new IPv4Layer(IPv4Address.Parse("10.0.0.1"), IPv4Address.Parse("10.0.0.2")) { ProtocolOverride = (IPProtocol)89 })
            .Payload(4).ToArray();
        Assert.EndsWith("  Failed to decode layer: No decoder for type 89 (0x59)\n", Layers(packet), StringComparison.Ordinal);
    }

    [Fact]
    public void An_icmp_error_shows_the_packet_that_it_quotes()
    {
        byte[] quoted = new PacketBuilder().IPv4("10.0.1.180", "10.0.0.23").Udp(40000, 33434).Payload(32).ToArray();
        byte[] packet = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
            .IPv4("10.0.1.159", "10.0.1.180").Icmp(IcmpType.TimeExceeded, 0).Payload(quoted.AsMemory(0, 28)).ToArray();
        string[] lines = Layers(packet).Split('\n');
        Assert.Equal(["Ethernet", "IPv4", "ICMPv4", "  Quoted packet:", "IPv4", "UDP", ""], lines.Select(line => line.Split('\t')[0]));
        Assert.Contains("DstPort=33434", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Vlan_arp_and_ipv6_have_lines_of_their_own()
    {
        byte[] arp = new PacketBuilder().Ethernet("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff").Vlan(7)
            .ArpRequest(MacAddress.Parse("02:00:00:00:00:01"), "10.0.1.180", "10.0.1.159").ToArray();
        Assert.Contains("Dot1Q\t{Contents=[0, 7, 8, 6] Payload=[..28..] Priority=0 DropEligible=false VLANIdentifier=7 Type=ARP}", Layers(arp), StringComparison.Ordinal);
        Assert.Contains("SourceProtAddress=10.0.1.180 DstHwAddress=00:00:00:00:00:00 DstProtAddress=10.0.1.159}", Layers(arp), StringComparison.Ordinal);

        byte[] solicitation = new PacketBuilder().Ethernet("e6:17:ac:29:d7:bf", "33:33:00:00:00:02")
            .Add(new IPv6Layer(IPv6Address.Parse("fe80::e417:acff:fe29:d7bf"), IPv6Address.Parse("ff02::2")) { HopLimit = 255 })
            .Add(new Icmpv6Layer(Icmpv6Type.RouterSolicitation, 0) { Body = Convert.FromHexString("000000000101e617ac29d7bf") })
            .ToArray();
        Assert.EndsWith(
            """
            IPv6	{Contents=[..40..] Payload=[..16..] Version=6 TrafficClass=0 FlowLabel=0 Length=16 NextHeader=ICMPv6 HopLimit=255 SrcIP=fe80::e417:acff:fe29:d7bf DstIP=ff02::2}
            ICMPv6	{Contents=[133, 0, 171, 43] Payload=[..12..] TypeCode=RouterSolicitation Checksum=43819}

            """,
            Layers(solicitation),
            StringComparison.Ordinal);
    }

    private static string Layers(ReadOnlySpan<byte> packet)
    {
        var buffer = new ArrayBufferWriter<byte>();
        LayerText.WriteAll(new LayerReader(packet), new Utf8Output(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
