namespace Weft.Packets;

/// <summary>A DHCP message of IPv6 (RFC 8415).</summary>
public readonly ref struct Dhcpv6Message
{
    private const int Size = 4;
    private const int RelaySize = 34;
    private const byte RelayForward = 12;
    private const byte RelayReply = 13;

    private Dhcpv6Message(ReadOnlySpan<byte> data)
    {
        Bytes = data;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public byte Type => Bytes[0];

    public bool IsRelayed => Type is RelayForward or RelayReply;

    /// <summary>24 bits; 0 between relays and servers.</summary>
    public uint TransactionId => IsRelayed ? 0 : (uint)(Bytes[1] << 16 | Bytes[2] << 8 | Bytes[3]);

    public DhcpOptionReader Options => new(Bytes[(IsRelayed ? RelaySize : Size)..], isWide: true);

    public static bool TryParse(ReadOnlySpan<byte> data, out Dhcpv6Message message)
    {
        bool valid = data.Length >= Size && data[0] is >= 1 and <= RelayReply && (data[0] < RelayForward || data.Length >= RelaySize);
        message = valid ? new Dhcpv6Message(data) : default;
        return valid;
    }
}
