using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The eight bytes that all ICMP messages of IPv4 begin with (RFC 792).</summary>
public readonly ref struct IcmpHeader
{
    public const int Size = 8;

    private IcmpHeader(ReadOnlySpan<byte> data)
    {
        Message = data;
    }

    /// <summary>Header and payload.</summary>
    public ReadOnlySpan<byte> Message { get; }

    public ReadOnlySpan<byte> Header => Message[..Size];

    /// <summary>Data of an echo; in an error the packet that it is about, from its IP header on.</summary>
    public ReadOnlySpan<byte> Payload => Message[Size..];

    public IcmpType Type => (IcmpType)Header[0];

    public byte Code => Header[1];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    /// <summary>Only meaningful where the whole message is at hand.</summary>
    public bool HasValidChecksum => InternetChecksum.Compute(Message) == 0;

    /// <summary>Echo identifier.</summary>
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Header[4..]);

    /// <summary>Echo sequence number; in "fragmentation needed" the next hop's MTU (RFC 1191).</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(Header[6..]);

    public bool IsEcho => Type is IcmpType.EchoRequest or IcmpType.EchoReply;

    /// <summary>The payload quotes the packet that the message is about.</summary>
    public bool IsError => Type
        is IcmpType.DestinationUnreachable or IcmpType.SourceQuench or IcmpType.Redirect or IcmpType.TimeExceeded or IcmpType.ParameterProblem;

    public static bool TryParse(ReadOnlySpan<byte> data, out IcmpHeader header)
    {
        header = data.Length >= Size ? new IcmpHeader(data) : default;
        return data.Length >= Size;
    }
}
