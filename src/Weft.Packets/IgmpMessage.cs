using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>An IGMP message of any version (RFC 1112, 2236, 3376).</summary>
public readonly ref struct IgmpMessage
{
    public const int Size = 8;

    /// <summary>Bytes of a group record without its sources (RFC 3376 section 4.2.4).</summary>
    private const int RecordSize = 8;

    private IgmpMessage(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Sources of a query, group records of a report of version 3.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public IgmpType Type => (IgmpType)Header[0];

    /// <summary>Tenths of a second.</summary>
    public byte MaxResponseTime => Header[1];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    /// <summary>Not in a report of version 3.</summary>
    public IPv4Address Group => IPv4Address.Read(Header[4..]);

    /// <summary>Of a report of version 3; else 0.</summary>
    public int RecordCount => Type == IgmpType.ReportV3 ? BinaryPrimitives.ReadUInt16BigEndian(Header[6..]) : 0;

    /// <summary>Group of the first record of a report of version 3.</summary>
    public bool TryGetFirstRecord(out byte kind, out IPv4Address group)
    {
        bool present = RecordCount > 0 && Payload.Length >= RecordSize;
        kind = present ? Payload[0] : (byte)0;
        group = present ? IPv4Address.Read(Payload[4..]) : default;
        return present;
    }

    public static bool TryParse(ReadOnlySpan<byte> data, out IgmpMessage message)
    {
        message = data.Length >= Size ? new IgmpMessage(data) : default;
        return data.Length >= Size;
    }
}
