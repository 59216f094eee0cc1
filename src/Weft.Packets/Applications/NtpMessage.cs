using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>An NTP message (RFC 5905); control messages of mode 6 and 7 are not read.</summary>
public readonly ref struct NtpMessage
{
    public const int Size = 48;

    private NtpMessage(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Extensions and authentication.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>3: the clock is not synchronised.</summary>
    public byte LeapIndicator => (byte)(Header[0] >> 6);

    public byte Version => (byte)((Header[0] >> 3) & 7);

    /// <summary>3 client, 4 server, 5 broadcast.</summary>
    public byte Mode => (byte)(Header[0] & 7);

    /// <summary>0: a kiss-o'-death or nothing said.</summary>
    public byte Stratum => Header[1];

    /// <summary>Logarithm to the base 2 of seconds.</summary>
    public sbyte Poll => (sbyte)Header[2];

    public uint ReferenceId => BinaryPrimitives.ReadUInt32BigEndian(Header[12..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out NtpMessage message)
    {
        bool valid = data.Length >= Size && ((data[0] >> 3) & 7) is >= 1 and <= 4 && (data[0] & 7) is >= 1 and <= 5;
        message = valid ? new NtpMessage(data) : default;
        return valid;
    }
}
