using System.Runtime.InteropServices;

namespace Weft.Netlink.Wire;

/// <summary>Walks over the messages of one datagram.</summary>
public ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>True once a message claimed a length that the datagram does not hold; nothing after it can be read.</summary>
    public bool IsMalformed { get; private set; }

    public bool TryRead(out NetlinkMessage message)
    {
        message = default;
        if (_rest.IsEmpty || IsMalformed)
        {
            return false;
        }

        if (_rest.Length < NetlinkHeader.Size)
        {
            IsMalformed = true;
            return false;
        }

        NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(_rest);
        if (header.Length < NetlinkHeader.Size || header.Length > _rest.Length)
        {
            IsMalformed = true;
            return false;
        }

        int length = (int)header.Length;
        message = new NetlinkMessage(header, _rest[NetlinkHeader.Size..length]);
        _rest = _rest[Math.Min(NetlinkAlignment.Align(length), _rest.Length)..];
        return true;
    }
}
