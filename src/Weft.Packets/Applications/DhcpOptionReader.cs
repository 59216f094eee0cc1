using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>Walks the options of a DHCP message: one byte each for code and length in IPv4 (RFC 2132), two in IPv6 (RFC 8415).</summary>
public ref struct DhcpOptionReader
{
    private const byte Pad = 0;
    private const byte End = 255;

    private readonly bool _isWide;
    private ReadOnlySpan<byte> _rest;

    internal DhcpOptionReader(ReadOnlySpan<byte> options, bool isWide)
    {
        _rest = options;
        _isWide = isWide;
    }

    public ushort Code { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>The bytes ended within an option.</summary>
    public bool IsCut { get; private set; }

    public bool Next()
    {
        while (!_isWide && _rest is [Pad, ..])
        {
            _rest = _rest[1..];
        }

        int head = _isWide ? 4 : 2;
        if (_rest.IsEmpty || (!_isWide && _rest[0] == End))
        {
            return false;
        }

        int length = _rest.Length < head ? int.MaxValue : _isWide ? BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) : _rest[1];
        if (length > _rest.Length - head)
        {
            IsCut = true;
            return false;
        }

        Code = _isWide ? BinaryPrimitives.ReadUInt16BigEndian(_rest) : _rest[0];
        Data = _rest.Slice(head, length);
        _rest = _rest[(head + length)..];
        return true;
    }
}
