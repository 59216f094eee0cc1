using System.Globalization;
using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.Links;

/// <summary>The attachment of a program to a device, a cgroup or places in the kernel's code, which lasts while this object or a pin does.</summary>
public sealed class BpfLink : IDisposable
{
    // include/uapi/linux/bpf.h; newer than the headers of libbpf 1.1, which passes any attach type on.
    internal const uint BPF_TCX_INGRESS = 46;
    internal const uint BPF_TCX_EGRESS = 47;
    internal const uint BPF_TRACE_KPROBE_MULTI = 42;
    private const uint BPF_LINK_TYPE_CGROUP = 3;
    private const uint BPF_LINK_TYPE_XDP = 6;
    private const uint BPF_LINK_TYPE_TCX = 11;

    private readonly string _what;

    private BpfLink(FileDescriptor fd, string what)
    {
        Fd = fd;
        _what = what;
    }

    public FileDescriptor Fd { get; }

    /// <summary>Adds a program after those that the device has. Kernel 6.6 or newer; <see cref="TcAttacher"/> chooses.</summary>
    /// <param name="program">A <see cref="BpfProgramType.SchedCls"/> program.</param>
    /// <param name="ifIndex">In the network namespace of the calling thread.</param>
    /// <param name="direction">Which packets it sees.</param>
    public static unsafe BpfLink AttachTcx(BpfProgram program, IfIndex ifIndex, TcDirection direction)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        int fd = LibBpf.LinkCreate(program.Fd, ifIndex.Value, direction == TcDirection.Ingress ? BPF_TCX_INGRESS : BPF_TCX_EGRESS, null);
        if (fd >= 0)
        {
            return new BpfLink(FileDescriptor.Own(fd), $"TCX link of {program.Name}");
        }

        string? advice = (Errno)(-fd) switch
        {
            Errno.EINVAL => "TCX needs kernel 6.6 and a tc program",
            Errno.ENODEV => "no such device in this network namespace",
            _ => null,
        };
        throw BpfException.FromResult(fd, $"attach {program.Name} to ifindex {ifIndex} {Name(direction)} by TCX", advice);
    }

    /// <summary>Adds a program to those that a cgroup has at this hook. Sockets made in it and below meet the program. Kernel 5.7 or newer.</summary>
    /// <param name="program">Of the type and for the hook given.</param>
    /// <param name="cgroup">A directory of a cgroup2 file system; it may be closed after the call.</param>
    /// <param name="hook">When the program runs.</param>
    public static unsafe BpfLink AttachCgroup(BpfProgram program, FileDescriptor cgroup, CgroupHook hook)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        using LibBpfLog log = LibBpfLog.Capture();
        int fd = LibBpf.LinkCreate(program.Fd, cgroup.Number, (uint)hook, null);
        GC.KeepAlive(cgroup);
        if (fd >= 0)
        {
            return new BpfLink(FileDescriptor.Own(fd), $"cgroup link of {program.Name}");
        }

        string? advice = (Errno)(-fd) switch
        {
            Errno.EBADF or Errno.ENOTDIR => "it is no directory of a cgroup2 file system",
            Errno.EINVAL => "needs CONFIG_CGROUP_BPF and a program for this very hook",
            Errno.ENOENT => "the cgroup was removed",
            _ => null,
        };
        throw BpfException.FromResult(fd, $"attach {program.Name} to a cgroup at {hook}", advice);
    }

    /// <summary>Runs a program when any of these functions of the kernel or its modules is entered. All or nothing. See <see cref="KernelFeatures.HasKprobeMulti"/>.</summary>
    /// <param name="program">Of a section <c>kprobe.multi</c>.</param>
    /// <param name="addresses">Of the functions' first instructions, as <c>/proc/kallsyms</c> has them.</param>
    public static unsafe BpfLink AttachFunctions(BpfProgram program, ReadOnlySpan<ulong> addresses)
    {
        ArgumentNullException.ThrowIfNull(program);
        using LibBpfLog log = LibBpfLog.Capture();
        fixed (ulong* first = addresses)
        {
            FunctionLinkOptions options = new() { Size = (nuint)sizeof(FunctionLinkOptions), Count = (uint)addresses.Length, Addresses = first };
            int fd = LibBpf.LinkCreate(program.Fd, 0, BPF_TRACE_KPROBE_MULTI, &options);
            return fd >= 0
                ? new BpfLink(FileDescriptor.Own(fd), $"link of {program.Name} to functions")
                : throw BpfException.FromResult(
                    fd,
                    string.Create(CultureInfo.InvariantCulture, $"attach {program.Name} to {addresses.Length} functions"),
                    (Errno)(-fd) == Errno.EOPNOTSUPP ? "needs CONFIG_FPROBE" : null);
        }
    }

    /// <summary>Runs a program at the tracepoint (<c>tp_btf/…</c>) or function (<c>fentry/…</c>, <c>fexit/…</c>) that its section names, on every CPU and in every namespace. Kernel 5.5 or newer.</summary>
    public static BpfLink AttachTracepoint(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        using LibBpfLog log = LibBpfLog.Capture();
        int fd = LibBpf.RawTracepointOpen(0, program.Fd);
        return fd >= 0
            ? new BpfLink(FileDescriptor.Own(fd), $"link of {program.Name}")
            : throw BpfException.FromResult(fd, $"attach {program.Name} to what its section names");
    }

    public static BpfLink OpenPinned(string path) => new(BpfPin.Open(path, "link"), $"link {path}");

    /// <summary>Null when nothing is pinned there.</summary>
    public static BpfLink? TryOpenPinned(string path) =>
        BpfPin.TryOpen(path, "link") is { } fd ? new BpfLink(fd, $"link {path}") : null;

    /// <summary>From now on the attachment lasts without this process.</summary>
    public void Pin(string path) => BpfPin.Pin(Fd, path, _what);

    /// <summary>As <see cref="Pin"/>, but takes the place of whatever is pinned there, in one step.</summary>
    public void PinReplacing(string path) => BpfPin.PinReplacing(Fd, path, _what);

    /// <summary>False when nothing was pinned there.</summary>
    public static bool Unpin(string path) => BpfPin.Remove(path);

    /// <summary>Replaces the program; every packet meets the old one or the new one.</summary>
    public unsafe void Update(BpfProgram program) =>
        BpfException.Check(LibBpf.LinkUpdate(Fd, program.Fd, null), $"replace the program of {_what} by {program.Name}");

    /// <summary>Takes the program off although pins and descriptors of the link remain.</summary>
    public void Detach()
    {
        int result = LibBpf.LinkDetach(Fd);
        if (result < 0 && (Errno)(-result) is not (Errno.ENOLINK or Errno.ENODEV))
        {
            throw BpfException.FromResult(result, $"detach {_what}");
        }
    }

    public unsafe BpfLinkInfo GetInfo()
    {
        LinkInfo info = default;
        uint size = (uint)sizeof(LinkInfo);
        BpfException.Check(LibBpf.ObjGetInfoByFd(Fd, &info, ref size), $"read info of {_what}");
        TcDirection? direction = info.Type != BPF_LINK_TYPE_TCX ? null
            : info.AttachType == BPF_TCX_INGRESS ? TcDirection.Ingress : TcDirection.Egress;
        IfIndex ifIndex = info.Type is BPF_LINK_TYPE_TCX or BPF_LINK_TYPE_XDP ? new IfIndex((int)info.IfIndex) : IfIndex.None;
        return info.Type == BPF_LINK_TYPE_CGROUP
            ? new(new(info.Id), new(info.ProgramId), IfIndex.None, null, info.CgroupId, (CgroupHook)info.CgroupAttachType)
            : new(new(info.Id), new(info.ProgramId), ifIndex, direction);
    }

    public void Dispose() => Fd.Dispose();

    internal static string Name(TcDirection direction) => direction == TcDirection.Ingress ? "ingress" : "egress";
}
