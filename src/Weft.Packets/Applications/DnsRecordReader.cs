using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>Walks the questions and resource records of a DNS message.</summary>
/// <remarks>Every step consumes bytes of the message, so the walk ends whatever the counts say.</remarks>
public ref struct DnsRecordReader
{
    private readonly DnsMessage _message;
    private int _at;
    private int _index;

    internal DnsRecordReader(DnsMessage message)
    {
        _message = message;
        _at = DnsMessage.HeaderSize;
    }

    /// <summary>The whole message, which the names point into.</summary>
    public readonly ReadOnlySpan<byte> Message => _message.Bytes;

    /// <summary>Whether this is a question: it has a name and a type only.</summary>
    public bool IsQuestion { get; private set; }

    /// <summary>Whether this is an answer; else a record about authority or an additional one.</summary>
    public bool IsAnswer { get; private set; }

    /// <summary>Where the name begins in the message.</summary>
    public int NameOffset { get; private set; }

    public DnsType Type { get; private set; }

    public ushort Class { get; private set; }

    /// <summary>Seconds.</summary>
    public uint TimeToLive { get; private set; }

    /// <summary>Where the data begins in the message.</summary>
    public int DataOffset { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>The message ended before its counts were met.</summary>
    public bool IsCut { get; private set; }

    public bool Next()
    {
        int total = _message.QuestionCount + _message.AnswerCount + _message.AuthorityCount + _message.AdditionalCount;
        if (_index >= total || IsCut)
        {
            return false;
        }

        IsQuestion = _index < _message.QuestionCount;
        IsAnswer = !IsQuestion && _index < _message.QuestionCount + _message.AnswerCount;
        _index++;
        NameOffset = _at;
        IsCut = !DnsName.TrySkip(Message, ref _at) || !ReadFixed();
        return !IsCut;
    }

    private bool ReadFixed()
    {
        int size = IsQuestion ? 4 : 10;
        if (Message.Length - _at < size)
        {
            return false;
        }

        ReadOnlySpan<byte> head = Message[_at..];
        Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(head);
        Class = BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
        TimeToLive = IsQuestion ? 0 : BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        int length = IsQuestion ? 0 : BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        _at += size;
        DataOffset = _at;
        if (length > Message.Length - _at)
        {
            return false;
        }

        Data = Message.Slice(_at, length);
        _at += length;
        return true;
    }
}
