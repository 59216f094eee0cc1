using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A DNS message (RFC 1035), also of mDNS and LLMNR; over TCP from behind the length that precedes it.</summary>
public readonly ref struct DnsMessage
{
    public const int HeaderSize = 12;

    /// <summary>Bytes of the length in front of a message over TCP (RFC 1035 section 4.2.2).</summary>
    internal const int StreamPrefix = 2;

    private DnsMessage(ReadOnlySpan<byte> data)
    {
        Bytes = data;
    }

    /// <summary>The whole message, as far as it is at hand: names point into it.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public ushort Id => Read(0);

    public bool IsResponse => (Bytes[2] & 0x80) != 0;

    public byte Opcode => (byte)((Bytes[2] >> 3) & 0xf);

    public bool IsAuthoritative => (Bytes[2] & 0x04) != 0;

    /// <summary>The sender had more to say than fits into a datagram.</summary>
    public bool IsCutBySender => (Bytes[2] & 0x02) != 0;

    public bool RecursionDesired => (Bytes[2] & 0x01) != 0;

    public bool RecursionAvailable => (Bytes[3] & 0x80) != 0;

    public byte ResponseCode => (byte)(Bytes[3] & 0xf);

    public ushort QuestionCount => Read(4);

    public ushort AnswerCount => Read(6);

    public ushort AuthorityCount => Read(8);

    public ushort AdditionalCount => Read(10);

    /// <summary>Its questions and records, in order.</summary>
    public DnsRecordReader Records => new(this);

    /// <summary>Fails for operations that nobody sends: those bytes are something else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out DnsMessage message)
    {
        const byte lastOpcode = 6;
        bool valid = data.Length >= HeaderSize && ((data[2] >> 3) & 0xf) <= lastOpcode;
        message = valid ? new DnsMessage(data) : default;
        return valid;
    }

    private ushort Read(int at) => BinaryPrimitives.ReadUInt16BigEndian(Bytes[at..]);
}
