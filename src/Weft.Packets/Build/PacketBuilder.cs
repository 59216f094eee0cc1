using System.Collections.Immutable;

namespace Weft.Packets.Build;

/// <summary>Builds packets layer by layer, from the outermost inwards, with right lengths and checksums.</summary>
/// <remarks>
/// Immutable: every step returns a new builder, so packets may share a beginning.
/// <code>new PacketBuilder().Ethernet(pod, gateway).IPv4("10.0.1.180", "10.0.0.23").EchoRequest(id: 15872, sequence: 0).Payload(56).ToArray()</code>
/// The short forms cover the usual fields; <see cref="Add"/> takes a layer with any field set, also to a value that lies.
/// </remarks>
public sealed class PacketBuilder
{
    private readonly ImmutableArray<PacketLayer> _layers;

    public PacketBuilder()
        : this([])
    {
    }

    private PacketBuilder(ImmutableArray<PacketLayer> layers)
    {
        _layers = layers;
    }

    public PacketBuilder Add(PacketLayer layer) => new(_layers.Add(layer));

    public PacketBuilder Ethernet(MacAddress source, MacAddress destination) => Add(new EthernetLayer(source, destination));

    public PacketBuilder Ethernet(string source, string destination) =>
        Ethernet(MacAddress.Parse(source), MacAddress.Parse(destination));

    public PacketBuilder Vlan(ushort id) => Add(new VlanLayer(id));

    /// <summary>Asks who has <paramref name="target"/>.</summary>
    public PacketBuilder ArpRequest(MacAddress senderMac, string sender, string target) => Add(new ArpLayer(ArpPacket.Request)
    {
        SenderMac = senderMac,
        SenderAddress = IPv4Address.Parse(sender),
        TargetAddress = IPv4Address.Parse(target),
    });

    public PacketBuilder IPv4(IPv4Address source, IPv4Address destination) => Add(new IPv4Layer(source, destination));

    public PacketBuilder IPv4(string source, string destination) => IPv4(IPv4Address.Parse(source), IPv4Address.Parse(destination));

    public PacketBuilder IPv6(string source, string destination) =>
        Add(new IPv6Layer(IPv6Address.Parse(source), IPv6Address.Parse(destination)));

    public PacketBuilder EchoRequest(ushort id, ushort sequence) =>
        Add(new IcmpLayer(IcmpType.EchoRequest, 0) { Id = id, Sequence = sequence });

    public PacketBuilder EchoReply(ushort id, ushort sequence) =>
        Add(new IcmpLayer(IcmpType.EchoReply, 0) { Id = id, Sequence = sequence });

    /// <summary>An ICMP error; the packet that it is about follows as <see cref="Payload(ReadOnlyMemory{byte})"/>, from its IP header on.</summary>
    public PacketBuilder Icmp(IcmpType type, byte code, ushort nextHopMtu = 0) => Add(new IcmpLayer(type, code) { Sequence = nextHopMtu });

    public PacketBuilder Tcp(ushort sourcePort, ushort destinationPort, TcpFlags flags) => Add(new TcpLayer(sourcePort, destinationPort, flags));

    public PacketBuilder Udp(ushort sourcePort, ushort destinationPort) => Add(new UdpLayer(sourcePort, destinationPort));

    public PacketBuilder Vxlan(uint vni) => Add(new VxlanLayer(vni));

    public PacketBuilder Payload(ReadOnlyMemory<byte> bytes) => Add(new PayloadLayer(bytes));

    /// <summary>Bytes 0, 1, 2 … as ping sends them.</summary>
    public PacketBuilder Payload(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)i;
        }

        return Payload(bytes);
    }

    public byte[] ToArray()
    {
        int length = _layers.Sum(layer => layer.Length);
        byte[] packet = new byte[length];
        int start = length;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            start -= _layers[i].Length;
            _layers[i].Write(packet.AsSpan(start), i > 0 ? _layers[i - 1] : null, i + 1 < _layers.Length ? _layers[i + 1] : null);
        }

        return packet;
    }
}
