using Weft.Bpf.Interop;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>What the running kernel can do, found by doing it: version numbers say little about backports and configurations.</summary>
/// <remarks>Each call asks the kernel. A lack of privileges is an exception, never an answer.</remarks>
public static unsafe class KernelFeatures
{
    // mov64 r0, 0; exit
    private static ReadOnlySpan<ulong> ReturnZero => [0x00000000_000000b7, 0x00000000_00000095];

    // mov64 r0, 1; exit: some hooks may not refuse.
    private static ReadOnlySpan<ulong> ReturnOne => [0x00000001_000000b7, 0x00000000_00000095];

    // mov64 r1, -ECONNREFUSED; call bpf_set_retval; mov64 r0, 0; exit
    private static ReadOnlySpan<ulong> SetRetval =>
        [0xffffff91_000001b7, 0x000000bb_00000085, 0x00000000_000000b7, 0x00000000_00000095];

    /// <summary>TCX links (6.6).</summary>
    /// <remarks>Asks for a device that cannot exist: ENODEV means that only the device is missing, EINVAL that the attach type is unknown.</remarks>
    public static bool HasTcx()
    {
        using FileDescriptor program = FileDescriptor.Own(
            BpfException.Check(LoadTrivial(BpfProgramType.SchedCls), "probe the kernel for TCX: load a tc program"));
        using LibBpfLog log = LibBpfLog.Capture();
        int result = LibBpf.LinkCreate(program, int.MaxValue, BpfLink.BPF_TCX_INGRESS, null);
        return (Errno)(-result) switch
        {
            Errno.ENODEV => true,
            Errno.EINVAL => false,
            _ => throw BpfException.FromResult(result, "probe the kernel for TCX"),
        };
    }

    /// <summary>Whether a program of two instructions of this type loads. Types that need a target to attach to cannot be asked for.</summary>
    public static bool HasProgramType(BpfProgramType type)
    {
        int fd = LoadTrivial(type);
        if (fd >= 0)
        {
            FileDescriptor.Own(fd).Dispose();
            return true;
        }

        return (Errno)(-fd) == Errno.EINVAL ? false : throw BpfException.FromResult(fd, $"probe the kernel for programs of type {type}");
    }

    /// <summary>Whether programs at this hook of a cgroup load: <c>CONFIG_CGROUP_BPF</c>, and a kernel that knows the hook.</summary>
    public static bool HasCgroupHook(BpfProgramType type, CgroupHook hook) =>
        Loads(type, hook, ReturnOne, $"probe the kernel for programs at {hook}");

    /// <summary>bpf_set_retval in programs at <see cref="CgroupHook.Connect4"/> and its like (6.1): a refusal can say why.</summary>
    public static bool HasSetRetvalAtConnect() => Loads(
        BpfProgramType.CgroupSockAddr, CgroupHook.Connect4, SetRetval, "probe the kernel for bpf_set_retval");

    /// <summary>Programs at many functions of the kernel by one link (5.18, with CONFIG_FPROBE): <see cref="BpfLink.AttachFunctions"/>.</summary>
    /// <remarks>Names a function at an address that cannot be read: EFAULT means that the kernel tried to.</remarks>
    public static bool HasKprobeMulti()
    {
        const string attempt = "probe the kernel for kprobe.multi";
        using FileDescriptor program = FileDescriptor.Own(
            BpfException.Check(Load(BpfProgramType.Kprobe, ReturnZero, BpfLink.BPF_TRACE_KPROBE_MULTI), $"{attempt}: load a program"));
        using LibBpfLog log = LibBpfLog.Capture();
        FunctionLinkOptions options = new() { Size = (nuint)sizeof(FunctionLinkOptions), Count = 1, Addresses = (ulong*)1 };
        int result = LibBpf.LinkCreate(program, 0, BpfLink.BPF_TRACE_KPROBE_MULTI, &options);
        return (Errno)(-result) switch
        {
            Errno.EFAULT => true,
            Errno.EOPNOTSUPP or Errno.EINVAL => false,
            _ => throw BpfException.FromResult(result, attempt),
        };
    }

    /// <summary>Whether a small map of this type can be made.</summary>
    public static bool HasMapType(BpfMapType type)
    {
        using BpfMap? map = TryCreate(type);
        return map is not null;
    }

    /// <summary>Whether many elements of such a map can be read and written with one system call.</summary>
    public static bool HasBatchOperations(BpfMapType type)
    {
        using BpfMap? map = TryCreate(type);
        if (map is null)
        {
            return false;
        }

        uint count = 1;
        int result = map.LookupBatch(default, new byte[64], new byte[map.Schema.KeySize], new byte[map.ElementBytes], ref count);
        return (Errno)(-result) is Errno.None or Errno.ENOENT or Errno.ENOSPC;
    }

    private static bool Loads(BpfProgramType type, CgroupHook hook, ReadOnlySpan<ulong> program, string attempt)
    {
        int fd = Load(type, program, (uint)hook);
        if (fd >= 0)
        {
            FileDescriptor.Own(fd).Dispose();
            return true;
        }

        return (Errno)(-fd) == Errno.EINVAL ? false : throw BpfException.FromResult(fd, attempt);
    }

    private static int LoadTrivial(BpfProgramType type) => Load(type, ReturnZero, expectedAttachType: 0);

    private static int Load(BpfProgramType type, ReadOnlySpan<ulong> program, uint expectedAttachType)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        ProgramLoadOptions options = new() { Size = (nuint)sizeof(ProgramLoadOptions), ExpectedAttachType = expectedAttachType };
        fixed (ulong* instructions = program)
        {
            return LibBpf.ProgLoad((uint)type, "weft_probe", "GPL", instructions, (nuint)program.Length, &options);
        }
    }

    private static BpfMap? TryCreate(BpfMapType type)
    {
        (int key, int value, uint entries, BpfMapFlags flags) = type switch
        {
            BpfMapType.LpmTrie => (8, 4, 1u, BpfMapFlags.NoPreallocation),
            BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter => (0, 4, 1u, BpfMapFlags.None),
            BpfMapType.RingBuffer or BpfMapType.UserRingBuffer => (0, 0, (uint)Environment.SystemPageSize, BpfMapFlags.None),
            BpfMapType.StackTrace => (4, 8, 1u, BpfMapFlags.None),
            _ => (4, 4, 1u, BpfMapFlags.None),
        };
        BpfMap? inner = type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps ? TryCreate(BpfMapType.Array) : null;
        try
        {
            return BpfMap.Create(new BpfMapDefinition
            {
                Name = "weft_probe",
                Type = type,
                KeySize = key,
                ValueSize = value,
                MaxEntries = entries,
                Flags = flags,
                InnerTemplate = inner,
            });
        }
        catch (BpfException failure) when (failure.Errno == Errno.EINVAL)
        {
            return null;
        }
        finally
        {
            inner?.Dispose();
        }
    }
}
