using System.Runtime.InteropServices;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink;

/// <summary>What the kernel adds to an error: a text and the place in the request.</summary>
internal readonly record struct ExtendedAck(string? Text, int? Offset, int? AttributeType)
{
    public static ExtendedAck None => default;

    /// <param name="attributes">After the error number and the quoted request.</param>
    /// <param name="request">As it was sent, to tell which attribute is at the offset.</param>
    public static ExtendedAck Parse(NetlinkReader attributes, ReadOnlySpan<byte> request)
    {
        string? text = null;
        int? offset = null;
        int? type = null;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NetlinkH.NLMSGERR_ATTR_MSG:
                    text = attribute.AsText();
                    break;
                case NetlinkH.NLMSGERR_ATTR_OFFS:
                    offset = attribute.AsInt32();
                    type = TypeAt(request, offset.Value);
                    break;
                case NetlinkH.NLMSGERR_ATTR_MISS_TYPE:
                    type = attribute.AsInt32();
                    break;
                default:
                    break;
            }
        }

        return new ExtendedAck(string.IsNullOrEmpty(text) ? null : text, offset, type);
    }

    private static int? TypeAt(ReadOnlySpan<byte> request, int offset)
    {
        int typeAt = offset + sizeof(ushort);
        return offset >= NetlinkHeader.Size && typeAt <= request.Length - sizeof(ushort)
            ? MemoryMarshal.Read<ushort>(request[typeAt..]) & NetlinkH.NLA_TYPE_MASK
            : null;
    }
}
