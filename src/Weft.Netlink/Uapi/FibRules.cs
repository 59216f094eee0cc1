// include/uapi/linux/fib_rules.h
namespace Weft.Netlink.Uapi;

internal static class FibRules
{
    public const ushort FRA_DST = 1;
    public const ushort FRA_SRC = 2;
    public const ushort FRA_IIFNAME = 3;
    public const ushort FRA_PRIORITY = 6;
    public const ushort FRA_FWMARK = 10;
    public const ushort FRA_TABLE = 15;
    public const ushort FRA_FWMASK = 16;

    public const byte FR_ACT_TO_TBL = 1;
}
