using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A DHCP message of IPv4 (RFC 2131) from an Ethernet device; its options may be behind what was captured.</summary>
public readonly ref struct DhcpMessage
{
    /// <summary>Bytes up to and with the client's hardware address.</summary>
    private const int MinSize = 34;

    private const int OptionsOffset = 240;
    private const uint Cookie = 0x63825363;

    private DhcpMessage(ReadOnlySpan<byte> data)
    {
        Bytes = data;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>From a client; else from a server.</summary>
    public bool IsRequest => Bytes[0] == 1;

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(Bytes[4..]);

    public IPv4Address ClientAddress => IPv4Address.Read(Bytes[12..]);

    /// <summary>The address that a server gives.</summary>
    public IPv4Address YourAddress => IPv4Address.Read(Bytes[16..]);

    public IPv4Address NextServer => IPv4Address.Read(Bytes[20..]);

    public IPv4Address Relay => IPv4Address.Read(Bytes[24..]);

    public MacAddress Client => new(Bytes[28..]);

    /// <summary>None where they are behind what was captured, or where the message is BOOTP.</summary>
    public DhcpOptionReader Options => new(HasOptions ? Bytes[OptionsOffset..] : default, isWide: false);

    /// <summary>The options begin within the bytes at hand.</summary>
    public bool HasOptions => Bytes.Length >= OptionsOffset && BinaryPrimitives.ReadUInt32BigEndian(Bytes[(OptionsOffset - 4)..]) == Cookie;

    public static bool TryParse(ReadOnlySpan<byte> data, out DhcpMessage message)
    {
        bool valid = data.Length >= MinSize && data[0] is 1 or 2 && data[1] == 1 && data[2] == MacAddress.Size;
        message = valid ? new DhcpMessage(data) : default;
        return valid;
    }
}
