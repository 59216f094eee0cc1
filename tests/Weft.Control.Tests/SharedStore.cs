using Weft.Store;
using Weft.Store.Sqlite;

namespace Weft.Control.Tests;

/// <summary>A store in a file of its own, and as many clients as the test has nodes.</summary>
public sealed class SharedStore : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-control-");
    private readonly List<IStore> _clients = [];

    public async Task<IStore> OpenClientAsync(TimeProvider? clock = null)
    {
        SqliteStore client = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(_directory.FullName, "store.db"), Clock = clock ?? TimeProvider.System },
            TestContext.Current.CancellationToken);
        lock (_clients)
        {
            _clients.Add(client);
        }
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IStore client in _clients)
        {
            await client.DisposeAsync();
        }
        _directory.Delete(recursive: true);
    }
}
