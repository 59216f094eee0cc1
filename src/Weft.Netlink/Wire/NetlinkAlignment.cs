namespace Weft.Netlink.Wire;

internal static class NetlinkAlignment
{
    private const int Boundary = 4;

    /// <summary>Rounds up to where the next message or attribute starts.</summary>
    public static int Align(int length) => (length + Boundary - 1) & ~(Boundary - 1);
}
