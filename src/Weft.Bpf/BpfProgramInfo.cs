using System.Text;
using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>What the kernel tells about a loaded program.</summary>
public sealed record BpfProgramInfo
{
    public required BpfProgramId Id { get; init; }

    public required BpfProgramType Type { get; init; }

    /// <summary>At most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>16 hexadecimal digits.</summary>
    public required string Tag { get; init; }

    /// <summary>Instructions that the verifier walked through, the measure of its limit of a million; 0 before kernel 5.16.</summary>
    public required uint VerifiedInstructions { get; init; }

    /// <summary>Bytes of machine code; 0 without JIT.</summary>
    public required uint JitedBytes { get; init; }

    /// <summary>Counted only while <c>sysctl kernel.bpf_stats_enabled</c> is 1.</summary>
    public required ulong RunCount { get; init; }

    /// <summary>Counted only while <c>sysctl kernel.bpf_stats_enabled</c> is 1.</summary>
    public required TimeSpan RunTime { get; init; }

    internal static unsafe BpfProgramInfo Read(FileDescriptor fd, string name)
    {
        ProgramInfo info = default;
        uint size = (uint)sizeof(ProgramInfo);
        BpfException.Check(LibBpf.ObjGetInfoByFd(fd, &info, ref size), $"read info of program {name}");
        return new()
        {
            Id = new(info.Id),
            Type = (BpfProgramType)info.Type,
            Name = Encoding.UTF8.GetString(((ReadOnlySpan<byte>)info.Name).SliceAtZero()),
            Tag = Convert.ToHexStringLower(info.Tag),
            VerifiedInstructions = info.VerifiedInstructions,
            JitedBytes = info.JitedLength,
            RunCount = info.RunCount,
            RunTime = TimeSpan.FromTicks((long)info.RunTimeNs / 100),
        };
    }
}
