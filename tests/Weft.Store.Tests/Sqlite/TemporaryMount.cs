using Weft.Tests.Shared;

namespace Weft.Store.Tests.Sqlite;

/// <summary>A tmpfs of a given size over a directory.</summary>
public sealed class TemporaryMount : IDisposable
{
    private readonly string _path;

    public TemporaryMount(string path, string options)
    {
        _path = path;
        Tool.Run("mount", "-t", "tmpfs", "-o", options, "weft-store-test", path);
    }

    public void MakeReadOnly() => Tool.Run("mount", "-o", "remount,ro", _path);

    // Lazily: a failed test may leave files open.
    public void Dispose() => Tool.Run("umount", "-l", _path);
}
