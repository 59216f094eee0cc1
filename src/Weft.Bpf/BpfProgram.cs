using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>A program that the verifier accepted.</summary>
public sealed partial class BpfProgram : IDisposable
{
    private BpfProgram(FileDescriptor fd, string name, BpfProgramInfo info)
    {
        Fd = fd;
        Name = name;
        Id = info.Id;
        Type = info.Type;
        Tag = info.Tag;
    }

    public FileDescriptor Fd { get; }

    /// <summary>In full where the program came from an object or a pin; else the 15 bytes that the kernel keeps.</summary>
    public string Name { get; }

    public BpfProgramId Id { get; }

    public BpfProgramType Type { get; }

    /// <summary>Hash of the instructions, as <c>bpftool prog</c> shows it: the same code with the same constants has the same tag.</summary>
    public string Tag { get; }

    public static BpfProgram OpenPinned(string path) => FromFd(BpfPin.Open(path, "program"), Path.GetFileName(path));

    /// <summary>Null when nothing is pinned there.</summary>
    public static BpfProgram? TryOpenPinned(string path) =>
        BpfPin.TryOpen(path, "program") is { } fd ? FromFd(fd, Path.GetFileName(path)) : null;

    public static BpfProgram OpenById(BpfProgramId id) =>
        FromFd(FileDescriptor.Own(BpfException.Check(LibBpf.ProgGetFdById(id.Value), $"open program with id {id}")), name: null);

    /// <summary>Takes the descriptor over, also on failure.</summary>
    internal static BpfProgram FromFd(FileDescriptor fd, string? name)
    {
        try
        {
            BpfProgramInfo info = BpfProgramInfo.Read(fd, name ?? "");
            return new BpfProgram(fd, name ?? info.Name, info);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>The kernel's view now; counters move while the program runs.</summary>
    public BpfProgramInfo GetInfo() => BpfProgramInfo.Read(Fd, Name);

    public void Pin(string path) => BpfPin.Pin(Fd, path, $"program {Name}");

    /// <summary>False when nothing was pinned there.</summary>
    public static bool Unpin(string path) => BpfPin.Remove(path);

    public void Dispose() => Fd.Dispose();

    public override string ToString() => $"program {Name} (id {Id}, {Type})";
}
