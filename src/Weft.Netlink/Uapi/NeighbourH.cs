// include/uapi/linux/neighbour.h
namespace Weft.Netlink.Uapi;

internal static class NeighbourH
{
    public const ushort NDA_DST = 1;
    public const ushort NDA_LLADDR = 2;
    public const ushort NDA_PORT = 6;
    public const ushort NDA_VNI = 7;
    public const ushort NDA_MASTER = 9;

    // ndm_flags
    public const byte NTF_SELF = 2;
    public const byte NTF_MASTER = 4;
    public const byte NTF_PROXY = 8;
}
