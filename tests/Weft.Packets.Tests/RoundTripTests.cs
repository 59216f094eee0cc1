using System.Globalization;
using Weft.Packets.Build;

namespace Weft.Packets.Tests;

/// <summary>What the builder writes, the readers read: with random values in every field.</summary>
public class RoundTripTests
{
    private const int Rounds = 300;

    [Fact]
    public void IPv4_and_tcp() => Repeat(random =>
    {
        var ip = new IPv4Layer(new IPv4Address((uint)random.NextInt64()), new IPv4Address((uint)random.NextInt64()))
        {
            TypeOfService = Byte(random),
            Id = UShort(random),
            DontFragment = random.Next(2) == 0,
            TimeToLive = Byte(random),
            Options = Bytes(random, random.Next(11) * 4),
        };
        var tcp = new TcpLayer(UShort(random), UShort(random), (TcpFlags)random.Next(0x200))
        {
            Sequence = (uint)random.NextInt64(),
            Acknowledgment = (uint)random.NextInt64(),
            Window = UShort(random),
            UrgentPointer = UShort(random),
            Options = Bytes(random, random.Next(11) * 4),
        };
        byte[] payload = Bytes(random, random.Next(1400));
        byte[] packet = new PacketBuilder().Add(ip).Add(tcp).Payload(payload).ToArray();

        Assert.True(IPv4Header.TryParse(packet, out IPv4Header network));
        Assert.True(network.HasValidChecksum);
        Assert.False(network.IsTruncated || network.IsFragment);
        Assert.Equal(
            (ip.Source, ip.Destination, ip.TypeOfService, ip.Id, ip.DontFragment, ip.TimeToLive, packet.Length),
            (network.Source, network.Destination, network.TypeOfService, network.Id, network.DontFragment, network.TimeToLive, network.TotalLength));
        Assert.True(network.Options.SequenceEqual(ip.Options.Span));
        Assert.Equal(0, InternetChecksum.Compute(network.Source, network.Destination, IPProtocol.Tcp, network.Payload));

        Assert.True(TcpHeader.TryParse(network.Payload, out TcpHeader transport));
        Assert.Equal(
            (tcp.SourcePort, tcp.DestinationPort, tcp.Flags, tcp.Sequence, tcp.Acknowledgment, tcp.Window, tcp.UrgentPointer),
            (transport.SourcePort, transport.DestinationPort, transport.Flags, transport.Sequence, transport.Acknowledgment, transport.Window, transport.UrgentPointer));
        Assert.Equal(payload, transport.Payload.ToArray());
    });

    [Fact]
    public void IPv6_and_udp() => Repeat(random =>
    {
        var ip = new IPv6Layer(IPv6Address.Read(Bytes(random, 16)), IPv6Address.Read(Bytes(random, 16)))
        {
            TrafficClass = Byte(random),
            FlowLabel = (uint)random.Next(1 << 20),
            HopLimit = Byte(random),
        };
        byte[] payload = Bytes(random, random.Next(1400));
        byte[] packet = new PacketBuilder().Add(ip).Udp(UShort(random), UShort(random)).Payload(payload).ToArray();

        Assert.True(IPv6Header.TryParse(packet, out IPv6Header network));
        Assert.Equal(
            (ip.Source, ip.Destination, ip.TrafficClass, ip.FlowLabel, ip.HopLimit, IPProtocol.Udp),
            (network.Source, network.Destination, network.TrafficClass, network.FlowLabel, network.HopLimit, network.NextHeader));
        Assert.Equal(0, InternetChecksum.Compute(network.Source, network.Destination, IPProtocol.Udp, network.Payload));
        Assert.True(UdpHeader.TryParse(network.Payload, out UdpHeader udp));
        Assert.Equal(payload, udp.Payload.ToArray());
    });

    [Fact]
    public void Icmp_in_vxlan() => Repeat(random =>
    {
        uint vni = (uint)random.Next(1 << 24);
        (ushort id, ushort sequence) = (UShort(random), UShort(random));
        byte[] packet = new PacketBuilder().Ethernet(Mac(random), Mac(random)).Vlan((ushort)random.Next(4096))
            .IPv4("192.168.2.61", "192.168.2.62").Udp(UShort(random), VxlanHeader.LinuxPort).Vxlan(vni)
            .Ethernet(Mac(random), Mac(random)).IPv4("10.0.1.180", "10.0.0.23").EchoRequest(id, sequence).Payload(random.Next(200)).ToArray();

        List<LayerKind> kinds = [];
        for (var layers = new LayerReader(packet); layers.Next(); kinds.Add(layers.Kind))
        {
            if (layers.Kind == LayerKind.Vxlan)
            {
                Assert.True(VxlanHeader.TryParse(layers.Data, out VxlanHeader vxlan));
                Assert.Equal(vni, vxlan.Vni);
            }
            else if (layers.Kind == LayerKind.Icmpv4)
            {
                Assert.True(IcmpHeader.TryParse(layers.Data, out IcmpHeader icmp));
                Assert.True(icmp.HasValidChecksum);
                Assert.Equal((id, sequence), (icmp.Id, icmp.Sequence));
            }
        }

        Assert.Equal(
            [
                LayerKind.Ethernet, LayerKind.Vlan, LayerKind.IPv4, LayerKind.Udp, LayerKind.Vxlan,
                LayerKind.Ethernet, LayerKind.IPv4, LayerKind.Icmpv4,
            ],
            kinds);
    });

    [Fact]
    public void Arp() => Repeat(random =>
    {
        var layer = new ArpLayer(UShort(random))
        {
            SenderMac = Mac(random),
            SenderAddress = new IPv4Address((uint)random.NextInt64()),
            TargetMac = Mac(random),
            TargetAddress = new IPv4Address((uint)random.NextInt64()),
        };
        Assert.True(ArpPacket.TryParse(new PacketBuilder().Add(layer).ToArray(), out ArpPacket arp));
        Assert.Equal(
            (layer.Operation, layer.SenderMac, layer.SenderAddress, layer.TargetMac, layer.TargetAddress),
            (arp.Operation, arp.SenderMac, arp.SenderAddress, arp.TargetMac, arp.TargetAddress));
    });

    [Fact]
    public void Lies_are_written_as_told()
    {
        byte[] packet = new PacketBuilder()
            .Add(new IPv4Layer(new IPv4Address(1), new IPv4Address(2)) { TotalLength = 999, Checksum = 7 })
            .Add(new UdpLayer(1, 2) { DatagramLength = 500, Checksum = 9 }).ToArray();
        Assert.True(IPv4Header.TryParse(packet, out IPv4Header ip));
        Assert.True(UdpHeader.TryParse(ip.Payload, out UdpHeader udp));
        Assert.True(ip.IsTruncated && udp.IsTruncated && !ip.HasValidChecksum);
        Assert.Equal((999, 7, 500, 9), (ip.TotalLength, ip.Checksum, udp.Length, udp.Checksum));
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        var ip = new IPv4Layer(new IPv4Address(1), new IPv4Address(2)) { Options = new byte[3] };
        Assert.Throws<InvalidOperationException>(() => new PacketBuilder().Add(ip).ToArray());
        Assert.Throws<InvalidOperationException>(() => new PacketBuilder().Add(new TcpLayer(1, 2, 0) { Options = new byte[44] }).ToArray());
    }

    private static void Repeat(Action<Random> check)
    {
        int seed = Random.Shared.Next();
        for (int round = 0; round < Rounds; round++)
        {
            try
            {
                check(new Random(seed + round));
            }
            catch (Exception error) when (error is Xunit.Sdk.XunitException)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed + round}: {error.Message}"));
            }
        }
    }

    private static byte Byte(Random random) => (byte)random.Next(256);

    private static ushort UShort(Random random) => (ushort)random.Next(65536);

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static MacAddress Mac(Random random) => new(Bytes(random, MacAddress.Size));
}
