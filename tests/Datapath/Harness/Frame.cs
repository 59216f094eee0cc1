using Weft.Packets;
using Weft.Packets.Build;

namespace Datapath.Harness;

/// <summary>The frames of the tests, between named actors.</summary>
internal static class Frame
{
    /// <summary>An IPv4 packet as the sender's pod puts it on its eth0; what it carries is added.</summary>
    public static PacketBuilder From(Pod sender, Pod receiver, Func<IPv4Layer, IPv4Layer>? change = null)
    {
        IPv4Layer ip = new(sender.IP, receiver.IP) { DontFragment = true, Id = 0x1234 };
        return new PacketBuilder().Ethernet(sender.EthernetAddress, sender.GatewayAddress).Add(change is null ? ip : change(ip));
    }

    public static byte[] Udp(Pod sender, Pod receiver, ushort sourcePort = 40000, ushort destinationPort = 53, int payload = 32) =>
        From(sender, receiver).Udp(sourcePort, destinationPort).Payload(payload).ToArray();

    public static byte[] Tcp(Pod sender, Pod receiver, TcpFlags flags, ushort sourcePort = 40000, ushort destinationPort = 80, int payload = 0) =>
        From(sender, receiver).Tcp(sourcePort, destinationPort, flags).Payload(payload).ToArray();

    public static byte[] EchoRequest(Pod sender, Pod receiver, ushort id = 0x3e00) =>
        From(sender, receiver).EchoRequest(id, 1).Payload(56).ToArray();

    public static byte[] EchoReply(Pod sender, Pod receiver, ushort id = 0x3e00) =>
        From(sender, receiver).EchoReply(id, 1).Payload(56).ToArray();

    /// <summary>An ICMP error that quotes a frame's IP header and the first bytes behind it.</summary>
    public static byte[] Error(Pod sender, Pod receiver, IcmpType type, byte code, byte[] about, int quoted = 28) =>
        From(sender, receiver).Icmp(type, code).Payload(about.AsMemory(EthernetHeader.Size, quoted)).ToArray();

    /// <summary>The frame as the next hop of weft_from_pod gets it: TTL one less, checksum of the header right.</summary>
    public static byte[] Routed(byte[] frame)
    {
        byte[] routed = [.. frame];
        Span<byte> header = routed.AsSpan(EthernetHeader.Size, (routed[EthernetHeader.Size] & 15) * 4);
        header[8]--;
        header[10] = header[11] = 0;
        ushort checksum = InternetChecksum.Compute(header);
        header[10] = (byte)(checksum >> 8);
        header[11] = (byte)checksum;
        return routed;
    }

    /// <summary>The frame as the receiving pod gets it: from its gateway's MAC to its own.</summary>
    public static byte[] Delivered(byte[] frame, Pod receiver)
    {
        byte[] delivered = [.. frame];
        receiver.EthernetAddress.CopyTo(delivered);
        receiver.GatewayAddress.CopyTo(delivered.AsSpan(MacAddress.Size));
        return delivered;
    }
}
