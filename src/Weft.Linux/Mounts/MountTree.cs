using Weft.Linux.Interop;

namespace Weft.Linux.Mounts;

/// <summary>A directory with all that is mounted below it, as a copy that is nowhere yet.</summary>
/// <remarks>Disposing takes it away unless it has been attached.</remarks>
public sealed class MountTree : IDisposable
{
    private readonly FileDescriptor _tree;
    private readonly string _source;

    private MountTree(FileDescriptor tree, string source)
    {
        _tree = tree;
        _source = source;
    }

    /// <summary>Copies what the directory shows now; a copy of a shared mount belongs to it for good.</summary>
    public static MountTree Clone(string source)
    {
        const uint flags = LibC.OPEN_TREE_CLONE | LibC.OPEN_TREE_CLOEXEC | LibC.AT_RECURSIVE;
        return new MountTree(FileDescriptor.OwnResult(LibC.OpenTree(LibC.AT_FDCWD, source, flags), $"copy the mounts of {source}"), source);
    }

    /// <summary>Shows it at a directory, which must exist. Once only.</summary>
    public void Attach(string target)
    {
        if (LibC.MoveMount(_tree, "", LibC.AT_FDCWD, target, LibC.MOVE_MOUNT_F_EMPTY_PATH) != 0)
        {
            throw LinuxException.FromLastError($"show {_source} at {target}");
        }
    }

    public void Dispose() => _tree.Dispose();
}
