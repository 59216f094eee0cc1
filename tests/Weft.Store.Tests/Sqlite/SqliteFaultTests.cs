using System.Text;
using Microsoft.Data.Sqlite;
using Weft.Store.Sqlite;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Sqlite;

/// <summary>What the file may be or become, and what the store says and does then.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_missing_file_and_directory_are_made_for_the_owner_only()
    {
        string path = Path.Combine(_file.Directory, "a", "b", "store.db");

        await using SqliteStore store = await OpenAsync(path);
        await PutAsync(store, "key");

        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.All([path, path + "-wal", path + "-shm"], file => Assert.Equal(ownerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task An_empty_file_is_a_store_that_somebody_is_just_making()
    {
        await File.WriteAllBytesAsync(_file.Path, [], Test);

        await using SqliteStore store = await OpenAsync();

        Assert.True((await PutAsync(store, "key")).Written);
    }

    [Fact]
    public async Task What_was_put_is_there_when_the_file_is_opened_again()
    {
        await using (SqliteStore store = await OpenAsync())
        {
            await PutAsync(store, "key");
        }

        await using SqliteStore again = await OpenAsync();

        Assert.NotNull(await again.GetAsync("key", Test));
    }

    [Fact]
    public async Task Watches_end_when_the_store_is_closed_under_them()
    {
        SqliteStore store = await OpenAsync();
        IAsyncEnumerator<StoreChange> watch = store.WatchAsync("", Revision.Zero, Test).GetAsyncEnumerator(Test);
        Task<bool> next = watch.MoveNextAsync().AsTask();

        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next.WaitAsync(TimeSpan.FromSeconds(10), Test));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.GetAsync("key", Test));
    }

    [Fact]
    public async Task A_directory_is_refused()
    {
        Directory.CreateDirectory(_file.Path);

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Equal($"open store {_file.Path}: it is a directory (give the path of a file)", refusal.Message);
    }

    [Fact]
    public async Task A_file_in_a_place_that_is_no_directory_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_file.Directory, "file"), "", Test);

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(Path.Combine(_file.Directory, "file", "store.db")));

        Assert.StartsWith($"create store {_file.Directory}/file/store.db: ", refusal.Message);
    }

    [Fact]
    public async Task A_file_of_other_content_is_refused_and_left_as_it_is()
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("not a database at all\n", 500)));
        await File.WriteAllBytesAsync(_file.Path, content, Test);

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.StartsWith($"open: store {_file.Path} is damaged: ", refusal.Message);
        Assert.Contains("move the file and its -wal and -shm away: agents that run make a new one", refusal.Message);
        Assert.Equal(content, await File.ReadAllBytesAsync(_file.Path, Test));
    }

    [Fact]
    public async Task Pages_that_were_overwritten_are_noticed_when_the_file_is_opened()
    {
        await using (SqliteStore store = await OpenAsync())
        {
            for (int i = 0; i < 500; i++)
            {
                await PutAsync(store, $"key{i}");
            }
        }
        await using (FileStream file = File.OpenWrite(_file.Path))
        {
            file.Seek(4096 * 3, SeekOrigin.Begin);
            byte[] noise = new byte[4096 * 4];
            new Random(1).NextBytes(noise);
            file.Write(noise);
        }

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Contains("is damaged: ", refusal.Message);
    }

    [Fact]
    public async Task Damaged_bytes_anywhere_never_surface_as_anything_but_a_store_exception()
    {
        await using (SqliteStore store = await OpenAsync())
        {
            for (int i = 0; i < 200; i++)
            {
                await PutAsync(store, $"key{i}");
            }
        }
        byte[] sound = await File.ReadAllBytesAsync(_file.Path, Test);
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = sound[..random.Next(1, sound.Length + 1)];
            for (int i = random.Next(1, 200); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            string path = Path.Combine(_file.Directory, $"damaged{round}.db");
            await File.WriteAllBytesAsync(path, damaged, Test);
            Exception? thrown = await Record.ExceptionAsync(async () =>
            {
                await using SqliteStore store = await OpenAsync(path);
                await store.ListAsync("", Test);
                await PutAsync(store, "key0");
            });
            Assert.True(thrown is null or StoreException, $"seed {seed}, round {round}: {thrown}");
        }
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        Sql("CREATE TABLE theirs (a); PRAGMA user_version = 7;");

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Equal($"open store {_file.Path}: it is an SQLite database of another program (give another path)", refusal.Message);
    }

    [Fact]
    public async Task A_schema_of_another_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        Sql("PRAGMA user_version = 2;");

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Contains("it has schema 2, this agent knows 1", refusal.Message);
    }

    [Fact]
    public async Task A_file_that_stays_locked_is_given_up_on_with_a_message_and_used_again_afterwards()
    {
        await using SqliteStore store = await OpenAsync();
        using SqliteConnection other = Connect();
        Execute(other, "BEGIN IMMEDIATE");

        StoreUnavailableException refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => PutAsync(store, "key"));
        Execute(other, "ROLLBACK");

        Assert.StartsWith($"put key: store {_file.Path} is still locked by another process after 0.2 s", refusal.Message);
        Assert.Null(await store.GetAsync("key", Test));
        Assert.True((await PutAsync(store, "key")).Written);
    }

    [Fact]
    public async Task A_locked_file_can_still_be_read()
    {
        await using SqliteStore store = await OpenAsync();
        await PutAsync(store, "key");
        using SqliteConnection other = Connect();
        Execute(other, "BEGIN IMMEDIATE");

        Assert.NotNull(await store.GetAsync("key", Test));
    }

    [KernelFact]
    public async Task A_full_file_system_is_reported_and_the_store_goes_on_when_there_is_room()
    {
        using var tmpfs = new TemporaryMount(_file.Directory, "size=512k");
        await using SqliteStore store = await OpenAsync();
        await File.WriteAllBytesAsync(Path.Combine(_file.Directory, "ballast"), new byte[256 * 1024], Test);

        StoreUnavailableException? refusal = null;
        int written = 0;
        for (int i = 0; i < 100 && refusal is null; i++)
        {
            refusal = (StoreUnavailableException?)await Record.ExceptionAsync(
                () => store.PutAsync(new StorePut($"key{i}", new byte[16 * 1024]), Test));
            written += refusal is null ? 1 : 0;
        }
        File.Delete(Path.Combine(_file.Directory, "ballast"));

        Assert.Contains("no space left on its file system", refusal?.Message);
        Assert.Equal(written, (await store.ListAsync("", Test)).Entries.Length);
        Assert.True((await PutAsync(store, "small")).Written);
    }

    [KernelFact]
    public async Task A_read_only_file_system_is_refused_when_the_store_is_opened()
    {
        using var tmpfs = new TemporaryMount(_file.Directory, "size=4m");
        await (await OpenAsync()).DisposeAsync();
        tmpfs.MakeReadOnly();

        StoreException refusal = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Contains("cannot be opened (check that its file system is not read-only", refusal.Message);
    }

    private Task<SqliteStore> OpenAsync(string? path = null) => SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = path ?? _file.Path, LockTimeout = TimeSpan.FromSeconds(0.2) }, Test);

    private static Task<PutResult> PutAsync(SqliteStore store, string key) => store.PutAsync(new StorePut(key, "value"u8.ToArray()), Test);

    private void Sql(string text)
    {
        using SqliteConnection connection = Connect();
        Execute(connection, text);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
