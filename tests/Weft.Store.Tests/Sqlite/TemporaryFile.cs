namespace Weft.Store.Tests.Sqlite;

/// <summary>A path in a directory of its own, which goes with everything in it.</summary>
public sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("weft-store-");

    public string Directory => _directory.FullName;

    public string Path => System.IO.Path.Combine(Directory, "store.db");

    public void Dispose() => _directory.Delete(recursive: true);
}
