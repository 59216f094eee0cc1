using Weft.Store.Sqlite;

namespace Weft.Store.Tests.Sqlite;

/// <summary>History is bounded, and a watch that needs what is gone is told so.</summary>
public sealed class SqliteHistoryTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_watch_from_before_the_history_asks_for_a_new_list()
    {
        await using SqliteStore store = await OpenAsync(historyLength: 10);
        for (int i = 0; i < 25; i++)
        {
            await PutAsync(store, 1);
        }

        await Assert.ThrowsAsync<StoreCompactedException>(() => FirstAsync(store, new Revision(9)));
        Assert.Equal(11, (await FirstAsync(store, new Revision(10))).Revision.Value);
    }

    [Fact]
    public async Task Large_values_shorten_the_history()
    {
        await using SqliteStore store = await OpenAsync(historyLength: 10, historyBytes: 5000);
        for (int i = 0; i < 20; i++)
        {
            await PutAsync(store, 1000);
        }

        await Assert.ThrowsAsync<StoreCompactedException>(() => FirstAsync(store, new Revision(14)));
        Assert.Equal(16, (await FirstAsync(store, new Revision(15))).Revision.Value);
    }

    [Fact]
    public async Task The_file_does_not_grow_with_the_number_of_changes()
    {
        await using SqliteStore store = await OpenAsync(historyLength: 50);
        await WriteAsync(store, 1000);
        long before = FileLength();
        await WriteAsync(store, 3000);

        Assert.InRange(FileLength(), 0, before * 2);
    }

    private static async Task WriteAsync(SqliteStore store, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await PutAsync(store, 500);
        }
    }

    // The WAL is bounded by SQLite's checkpoints, the file by what is kept.
    private long FileLength() => new FileInfo(_file.Path).Length;

    private Task<SqliteStore> OpenAsync(int historyLength, long historyBytes = long.MaxValue) => SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = _file.Path, HistoryLength = historyLength, HistoryBytes = historyBytes }, Test);

    private static Task<PutResult> PutAsync(SqliteStore store, int length) => store.PutAsync(new StorePut("key", new byte[length]), Test);

    private static async Task<StoreChange> FirstAsync(SqliteStore store, Revision after)
    {
        await foreach (StoreChange change in store.WatchAsync("", after, Test))
        {
            return change;
        }
        throw new InvalidOperationException("the watch ended");
    }
}
