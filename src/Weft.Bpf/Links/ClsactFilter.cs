using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>A program as a direct-action filter of a device's clsact qdisc: the way before TCX, and what <c>tc filter show</c> lists.</summary>
/// <remarks>The filter belongs to the device and lasts until it is removed or the device goes. Devices are named in the calling thread's network namespace.</remarks>
public static unsafe class ClsactFilter
{
    private const uint BPF_TC_F_REPLACE = 1;
    private const uint Handle = 1;
    private const uint Priority = 1;

    /// <summary>Adds the qdisc if it is missing, and puts the program in place of the one before, in one step.</summary>
    public static void Attach(BpfProgram program, IfIndex ifIndex, TcDirection direction)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        string attempt = $"attach {program.Name} to ifindex {ifIndex} {BpfLink.Name(direction)} by clsact";
        TcHookOptions hook = Hook(ifIndex, direction);
        int created = LibBpf.TcHookCreate(&hook);
        if (created < 0 && created != -(int)Errno.EEXIST)
        {
            throw BpfException.FromResult(created, attempt, AdviceFor(created));
        }

        TcOptions options = Filter();
        options.ProgramFd = program.Fd.Number;
        options.Flags = BPF_TC_F_REPLACE;
        int result = LibBpf.TcAttach(&hook, &options);
        GC.KeepAlive(program);
        if (result < 0)
        {
            throw BpfException.FromResult(result, attempt, AdviceFor(result));
        }
    }

    /// <summary>The program that <see cref="Attach"/> put there, or null.</summary>
    public static BpfProgramId? Query(IfIndex ifIndex, TcDirection direction)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        TcHookOptions hook = Hook(ifIndex, direction);
        TcOptions options = Filter();
        int result = LibBpf.TcQuery(&hook, &options);
        return result >= 0 ? new BpfProgramId(options.ProgramId)
            : IsAbsent(result) ? null
            : throw BpfException.FromResult(result, $"query the clsact filter of ifindex {ifIndex} {BpfLink.Name(direction)}");
    }

    /// <summary>False when there was none. The qdisc stays: others may use it.</summary>
    public static bool Detach(IfIndex ifIndex, TcDirection direction)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        TcHookOptions hook = Hook(ifIndex, direction);
        TcOptions options = Filter();
        int result = LibBpf.TcDetach(&hook, &options);
        return result >= 0
            || (IsAbsent(result) ? false : throw BpfException.FromResult(result, $"detach the clsact filter of ifindex {ifIndex} {BpfLink.Name(direction)}"));
    }

    /// <summary>No such filter (ENOENT), no qdisc (EINVAL), no device (ENODEV).</summary>
    private static bool IsAbsent(int result) => (Errno)(-result) is Errno.ENOENT or Errno.EINVAL or Errno.ENODEV;

    private static string? AdviceFor(int result) => (Errno)(-result) switch
    {
        Errno.ENODEV => "no such device in this network namespace",
        Errno.ENOENT => "needs CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF",
        _ => null,
    };

    private static TcHookOptions Hook(IfIndex ifIndex, TcDirection direction) => new()
    {
        Size = (nuint)sizeof(TcHookOptions),
        IfIndex = ifIndex.Value,
        AttachPoint = direction == TcDirection.Ingress ? 1u : 2u,
    };

    private static TcOptions Filter() => new() { Size = (nuint)sizeof(TcOptions), Handle = Handle, Priority = Priority };
}
