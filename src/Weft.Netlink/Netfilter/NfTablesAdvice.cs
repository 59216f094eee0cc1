using Weft.Linux;

namespace Weft.Netlink.Netfilter;

/// <summary>What to do where nf_tables refuses.</summary>
internal static class NfTablesAdvice
{
    public static string? Of(Errno errno) => errno switch
    {
        // nfnetlink's answer for a subsystem that is not there, and that no module brings.
        Errno.EINVAL or Errno.EOPNOTSUPP => "the kernel needs CONFIG_NF_TABLES (module nf_tables)",
        _ => null,
    };
}
