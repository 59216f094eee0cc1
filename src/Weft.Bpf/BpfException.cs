using Weft.Linux;

namespace Weft.Bpf;

/// <summary>A bpf(2) command, or the libbpf call around it, that failed.</summary>
public class BpfException : LinuxException
{
    public BpfException(string attempt, Errno errno, string? advice = null)
        : base(attempt, errno, advice ?? Advice(errno))
    {
    }

    /// <summary>For failures where something more exact than the error number's text is known.</summary>
    public BpfException(string attempt, Errno errno, string reason, string? advice)
        : base(attempt, errno, reason, advice)
    {
    }

    /// <summary>Throws when <paramref name="result"/> is -errno, else returns it.</summary>
    internal static int Check(int result, string attempt) => result >= 0 ? result : throw FromResult(result, attempt);

    internal static BpfException FromResult(int result, string attempt, string? advice = null) =>
        new(attempt, (Errno)(-result), advice);

    /// <summary>What to do about errors that have one common cause, whatever was tried.</summary>
    internal static string? Advice(Errno errno) => errno switch
    {
        Errno.EPERM => PermissionAdvice(),
        Errno.ENOSYS => "this kernel has no bpf() system call: it needs CONFIG_BPF_SYSCALL=y",
        _ => null,
    };

    private static string PermissionAdvice()
    {
        // CAP_SYS_ADMIN stands for both (include/linux/capability.h, bpf_capable; kernel/bpf/syscall.c, bpf_net_capable).
        Capability[] lacking = ProcessPrivileges.Has(Capability.CAP_SYS_ADMIN)
            ? []
            : [.. new[] { Capability.CAP_BPF, Capability.CAP_NET_ADMIN }.Where(static capability => !ProcessPrivileges.Has(capability))];
        return lacking.Length > 0
            ? $"needs root, or CAP_BPF and CAP_NET_ADMIN; lacking here: {string.Join(" and ", lacking)}"
            : "the privileges are there, so a user namespace, kernel lockdown or a security module forbids it";
    }
}
