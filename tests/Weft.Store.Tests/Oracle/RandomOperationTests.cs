using System.Text;
using Weft.Store.Sqlite;
using Weft.Store.Tests.Sqlite;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Oracle;

/// <summary>The same random operations on SQLite and on the oracle: every answer and the whole history must agree.</summary>
public sealed class RandomOperationTests : IDisposable
{
    private const int Operations = 1500;

    private readonly TemporaryFile _file = new();
    private readonly ManualClock _clock = new();
    private readonly List<IStoreLease?> _sqliteLeases = [null];
    private readonly List<IStoreLease?> _oracleLeases = [null];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Sqlite_answers_as_the_oracle_does()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using SqliteStore sqlite = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = _file.Path, Clock = _clock }, Test);
        await using IStore oracle = new MemoryStore(_clock).OpenClient();

        for (int i = 0; i < Operations; i++)
        {
            (string what, Func<IStore, List<IStoreLease?>, Task<string>> run) = Draw(random);
            string expected = await run(oracle, _oracleLeases);
            string actual = await run(sqlite, _sqliteLeases);
            Assert.True(expected == actual, $"seed {seed}, operation {i}, {what}: oracle says {expected}, SQLite {actual}");
        }
        Assert.Equal(await HistoryAsync(oracle), await HistoryAsync(sqlite));
    }

    private static (string What, Func<IStore, List<IStoreLease?>, Task<string>> Run) Draw(Random random)
    {
        string key = $"{"ab"[random.Next(2)]}/{random.Next(6)}";
        var revision = new Revision(random.Next(1, Operations / 2));
        byte[] value = Encoding.UTF8.GetBytes($"{random.Next(1000)}");
        int lease = random.Next(100);
        PutCondition condition = random.Next(4) switch
        {
            0 => PutCondition.Absent,
            1 => PutCondition.At(revision),
            _ => PutCondition.Always,
        };
        bool current = random.Next(2) == 0;
        return random.Next(12) switch
        {
            < 5 => ($"put {key}", (s, l) => PutAsync(s, new StorePut(key, value) { Condition = condition, Lease = l[lease < 50 ? 0 : lease % l.Count] })),
            < 7 => ($"swap {key}", (s, _) => SwapAsync(s, key, value)),
            < 8 => ($"delete {key}", async (s, _) => $"{await s.DeleteAsync(key, current ? null : revision, Test)}"),
            < 9 => ($"get {key}", async (s, _) => Text(await s.GetAsync(key, Test))),
            < 10 => ("list a/", async (s, _) => await ListAsync(s, "a/")),
            < 11 => ("grant", async (s, l) =>
            {
                l.Add(await s.GrantLeaseAsync(TimeSpan.FromHours(1), Test));
                return "granted";
            }),
            _ => ("end a lease", async (s, l) =>
            {
                if (l[lease % l.Count] is { } ended)
                {
                    await ended.DisposeAsync();
                }
                return await ListAsync(s, "");
            }),
        };
    }

    private static async Task<string> PutAsync(IStore store, StorePut put)
    {
        try
        {
            PutResult result = await store.PutAsync(put, Test);
            return $"{result.Written} {Text(result.Current)}";
        }
        catch (StoreLeaseLostException)
        {
            return "lease lost";
        }
    }

    private static async Task<string> SwapAsync(IStore store, string key, byte[] value)
    {
        StoreEntry? current = await store.GetAsync(key, Test);
        PutCondition condition = current is null ? PutCondition.Absent : PutCondition.At(current.Modified);
        return await PutAsync(store, new StorePut(key, value) { Condition = condition });
    }

    private static async Task<string> ListAsync(IStore store, string prefix)
    {
        StoreSnapshot list = await store.ListAsync(prefix, Test);
        return $"{list.Revision}: {string.Join(' ', list.Entries.Select(Text))}";
    }

    private static async Task<List<string>> HistoryAsync(IStore store)
    {
        Revision last = (await store.ListAsync("", Test)).Revision;
        var history = new List<string>();
        await foreach (StoreChange change in store.WatchAsync("", Revision.Zero, Test))
        {
            history.Add($"{change.Revision} {change.Key} {Text(change.Entry)}");
            if (change.Revision == last)
            {
                break;
            }
        }
        return history;
    }

    private static string Text(StoreEntry? e) =>
        e is null ? "(none)" : $"{e.Key}={Encoding.UTF8.GetString(e.Value.Span)}@{e.Created}/{e.Modified}{(e.IsLeased ? "L" : "")}";
}
