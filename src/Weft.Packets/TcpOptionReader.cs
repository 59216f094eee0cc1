namespace Weft.Packets;

/// <summary>Walks the options of a TCP header; ends at the end-of-options octet or where a length does not fit.</summary>
public ref struct TcpOptionReader
{
    private ReadOnlySpan<byte> _rest;

    internal TcpOptionReader(ReadOnlySpan<byte> options)
    {
        _rest = options;
        Data = default;
    }

    public TcpOptionKind Kind { get; private set; }

    /// <summary>What follows kind and length; empty for the options of one octet.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        Kind = (TcpOptionKind)_rest[0];
        if (Kind is TcpOptionKind.EndOfOptions or TcpOptionKind.Nop)
        {
            Data = default;
            _rest = Kind == TcpOptionKind.EndOfOptions ? default : _rest[1..];
            return true;
        }

        if (_rest.Length < 2 || _rest[1] < 2 || _rest[1] > _rest.Length)
        {
            _rest = default;
            return false;
        }

        Data = _rest[2.._rest[1]];
        _rest = _rest[_rest[1]..];
        return true;
    }
}
