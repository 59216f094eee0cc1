using System.Runtime.InteropServices;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Wire;

/// <summary>Walks over the attributes of a message or of a nested attribute, and never beyond its span.</summary>
/// <remarks>
/// What does not fit ends the walk, as in the kernel's own <c>nla_ok</c>. Unknown attributes are for the caller to pass over.
/// </remarks>
public ref struct NetlinkReader(ReadOnlySpan<byte> attributes)
{
    private const int HeaderSize = 4;
    private ReadOnlySpan<byte> _rest = attributes;

    public bool TryRead(out NetlinkAttribute attribute)
    {
        attribute = default;
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        ushort type = MemoryMarshal.Read<ushort>(_rest[sizeof(ushort)..]);
        if (length < HeaderSize || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        attribute = new NetlinkAttribute((ushort)(type & NetlinkH.NLA_TYPE_MASK), _rest[HeaderSize..length]);
        _rest = _rest[Math.Min(NetlinkAlignment.Align(length), _rest.Length)..];
        return true;
    }
}
