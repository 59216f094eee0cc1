using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A GRE header with the fields that its flags announce (RFC 2784, RFC 2890).</summary>
public readonly ref struct GreHeader
{
    /// <summary>Protocol type of an Ethernet frame ("Transparent Ethernet Bridging").</summary>
    public const ushort TransparentEthernet = 0x6558;

    private const int MinSize = 4;
    private const ushort ChecksumPresent = 0x8000;
    private const ushort KeyPresent = 0x2000;
    private const ushort SequencePresent = 0x1000;
    private const ushort Version = 7;

    private GreHeader(ReadOnlySpan<byte> data, int length)
    {
        Header = data[..length];
        Payload = data[length..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(Header);

    /// <summary>An EtherType.</summary>
    public ushort Protocol => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public bool HasKey => (Flags & KeyPresent) != 0;

    /// <summary>0 where there is none.</summary>
    public uint Key => HasKey ? BinaryPrimitives.ReadUInt32BigEndian(Header[((Flags & ChecksumPresent) != 0 ? 8 : 4)..]) : 0;

    public bool HasSequence => (Flags & SequencePresent) != 0;

    /// <summary>0 where there is none.</summary>
    public uint Sequence => HasSequence ? BinaryPrimitives.ReadUInt32BigEndian(Header[^4..]) : 0;

    /// <summary>Fails for versions other than 0: PPTP's is another header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out GreHeader header)
    {
        header = default;
        if (data.Length < MinSize)
        {
            return false;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(data);
        int length = MinSize + Size(flags, ChecksumPresent) + Size(flags, KeyPresent) + Size(flags, SequencePresent);
        if ((flags & Version) != 0 || length > data.Length)
        {
            return false;
        }

        header = new GreHeader(data, length);
        return true;
    }

    private static int Size(ushort flags, ushort flag) => (flags & flag) != 0 ? 4 : 0;
}
