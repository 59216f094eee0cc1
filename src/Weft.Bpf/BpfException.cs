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
        Errno.EPERM => "needs root, or CAP_BPF and CAP_NET_ADMIN",
        Errno.ENOSYS => "this kernel has no bpf() system call: it needs CONFIG_BPF_SYSCALL=y",
        _ => null,
    };
}
