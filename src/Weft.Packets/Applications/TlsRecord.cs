using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A TLS record (RFC 8446 section 5.1), the first of a segment.</summary>
public readonly ref struct TlsRecord
{
    private const int HeaderSize = 5;

    /// <summary>Content and expansion of the longest record (RFC 8446 section 5.2).</summary>
    private const int MaxLength = 16384 + 256;

    private TlsRecord(ReadOnlySpan<byte> data)
    {
        Header = data[..HeaderSize];
        Payload = data[HeaderSize..Math.Min(data.Length, HeaderSize + Length(data))];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Ends where the length says, or earlier if the bytes do.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public TlsContentType Type => (TlsContentType)Header[0];

    /// <summary>What the record claims; hellos say more truthfully what is spoken.</summary>
    public ushort Version => BinaryPrimitives.ReadUInt16BigEndian(Header[1..]);

    /// <summary>Bytes behind the header.</summary>
    public int DeclaredLength => Length(Header);

    /// <summary>The record goes on behind the bytes at hand.</summary>
    public bool IsCut => DeclaredLength > Payload.Length;

    public static bool TryParse(ReadOnlySpan<byte> data, out TlsRecord record)
    {
        bool valid = data.Length > HeaderSize && data[0] is >= (byte)TlsContentType.ChangeCipherSpec and <= (byte)TlsContentType.Heartbeat
            && data[1] == 3 && data[2] <= 4 && Length(data) is > 0 and <= MaxLength;
        record = valid ? new TlsRecord(data) : default;
        return valid;
    }

    /// <summary>The hello that the record begins with; false where it begins with something else.</summary>
    public bool TryGetHello(out TlsHello hello)
    {
        hello = default;
        return Type == TlsContentType.Handshake && TlsHello.TryParse(Payload, out hello);
    }

    private static int Length(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
}
