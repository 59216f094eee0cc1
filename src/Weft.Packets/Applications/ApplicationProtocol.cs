namespace Weft.Packets;

/// <summary>Recognises what a transport carries. By port where a protocol has nothing else to be known by, and always by its bytes.</summary>
internal static class ApplicationProtocol
{
    private const ushort DnsPort = 53;
    private const ushort MulticastDnsPort = 5353;
    private const ushort LinkLocalNamesPort = 5355;

    public static LayerKind OfDatagram(ushort source, ushort destination, ReadOnlySpan<byte> payload)
    {
        LayerKind byPort = OfPort(destination, payload);
        byPort = byPort == LayerKind.None ? OfPort(source, payload) : byPort;
        return byPort != LayerKind.None ? byPort : QuicLongHeader.TryParse(payload, out _) ? LayerKind.Quic : LayerKind.None;
    }

    public static LayerKind OfStream(ushort source, ushort destination, ReadOnlySpan<byte> payload)
    {
        bool dns = source == DnsPort || destination == DnsPort;
        return dns ? payload.Length > DnsMessage.StreamPrefix && DnsMessage.TryParse(payload[DnsMessage.StreamPrefix..], out _) ? LayerKind.Dns : LayerKind.None
            : TlsRecord.TryParse(payload, out _) ? LayerKind.Tls
            : HttpMessage.TryParse(payload, out _) ? LayerKind.Http
            : LayerKind.None;
    }

    private static LayerKind OfPort(ushort port, ReadOnlySpan<byte> payload) => port switch
    {
        DnsPort or MulticastDnsPort or LinkLocalNamesPort when DnsMessage.TryParse(payload, out _) => LayerKind.Dns,
        67 or 68 when DhcpMessage.TryParse(payload, out _) => LayerKind.Dhcpv4,
        546 or 547 when Dhcpv6Message.TryParse(payload, out _) => LayerKind.Dhcpv6,
        123 when NtpMessage.TryParse(payload, out _) => LayerKind.Ntp,
        _ => LayerKind.None,
    };
}
