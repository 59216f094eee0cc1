using System.Buffers;
using Weft.Packets.Build;
using Weft.Packets.Text;
using Weft.Tests.Shared;

namespace Weft.Packets.Tests;

/// <summary>Bytes from the wire may be anything; a span that is read past its end throws, so not throwing is the proof.</summary>
public class HostileBytesTests
{
    private static readonly PacketBuilder Frame = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");

    private static readonly Dictionary<string, byte[]> Samples = new()
    {
        ["echo in VXLAN"] = KernelPackets.EchoInVxlan,
        ["TCP in VXLAN"] = KernelPackets.TcpInVxlan,
        ["ARP in VLAN"] = Frame.Vlan(7).ArpRequest(default, "10.0.0.1", "10.0.0.2").ToArray(),
        ["ICMP error"] = Frame.IPv4("10.0.0.1", "10.0.0.2").Icmp(IcmpType.TimeExceeded, 0)
            .Payload(new PacketBuilder().IPv4("10.0.0.2", "10.0.0.3").Udp(1, 2).ToArray()).ToArray(),
        ["ICMPv6 error behind extension headers"] = Frame
            .Add(new IPv6Layer(IPv6Address.Parse("fe80::1"), IPv6Address.Parse("fe80::2")) { NextHeader = IPProtocol.HopByHop })
            .Payload(new byte[]
            {
                43, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 1, 2, 3, 4, 58, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                3, 0, 1, 2, 0, 0, 0, 0, 0x60, 0, 0, 0, 0, 0, 17, 64,
            }).ToArray(),
        ["options"] = Frame
            .Add(new IPv4Layer(IPv4Address.Parse("10.0.0.1"), IPv4Address.Parse("10.0.0.2")) { Options = new byte[] { 148, 4, 0, 0 } })
            .Add(new TcpLayer(1, 2, TcpFlags.Syn) { Options = new byte[] { 2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7 } })
            .ToArray(),
        ["SCTP"] = Frame.Add(new IPv4Layer(IPv4Address.Parse("10.0.0.1"), IPv4Address.Parse("10.0.0.2")) { ProtocolOverride = IPProtocol.Sctp })
            .Payload(16).ToArray(),
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_length_of_a_packet_can_be_described(string name) => Fuzz.EveryTruncation(Samples[name], Describe);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_damaged_packet_can_be_described(string name) => Fuzz.Mutations(Samples[name], Describe);

    [Fact]
    public void A_tunnel_in_a_tunnel_in_a_tunnel_ends()
    {
        PacketBuilder packet = new();
        for (int i = 0; i < 40; i++)
        {
            packet = packet.Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4("10.0.0.1", "10.0.0.2").Udp(1, 8472).Vxlan(7);
        }

        var layers = new LayerReader(packet.ToArray());
        int count = 0;
        while (layers.Next())
        {
            count++;
        }

        Assert.Equal(160, count);
        Assert.Equal(LayerEnd.Unreadable, layers.End);
    }

    private static void Describe(byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (LayerKind first in new[] { LayerKind.Ethernet, LayerKind.IPv4, LayerKind.IPv6 })
        {
            PacketSummary.Write(new LayerReader(bytes, first), new Utf8Output(output));
            LayerText.WriteAll(new LayerReader(bytes, first), new Utf8Output(output));
        }

        Assert.NotEqual(0, output.WrittenCount);
    }
}
