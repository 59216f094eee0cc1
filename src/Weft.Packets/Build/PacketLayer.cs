namespace Weft.Packets.Build;

/// <summary>One header (or the payload) of a packet under construction.</summary>
public abstract record PacketLayer
{
    /// <summary>Bytes of the layer itself.</summary>
    internal abstract int Length { get; }

    /// <summary>How the Ethernet header in front announces this layer.</summary>
    internal virtual EtherType EtherType => 0;

    /// <summary>How the IP header in front announces this layer.</summary>
    internal virtual IPProtocol Protocol => IPProtocol.NoNextHeader;

    /// <summary>Writes the layer; called from the innermost outwards, so what follows it is already there.</summary>
    /// <param name="bytes">From this layer's first byte to the end of the packet, zero where this layer is.</param>
    /// <param name="outer">The layer in front, or null.</param>
    /// <param name="inner">The layer that follows, or null.</param>
    internal abstract void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner);

    /// <summary>Checksum of a segment as its IP header asks for it: with the pseudo-header where there is one.</summary>
    private protected static ushort TransportChecksum(PacketLayer? outer, IPProtocol protocol, ReadOnlySpan<byte> segment) => outer switch
    {
        IPv4Layer ip => InternetChecksum.Compute(ip.Source, ip.Destination, protocol, segment),
        IPv6Layer ip => InternetChecksum.Compute(ip.Source, ip.Destination, protocol, segment),
        _ => InternetChecksum.Compute(segment),
    };
}
