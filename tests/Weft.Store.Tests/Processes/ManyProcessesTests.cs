using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Store.Sqlite;
using Weft.Store.Tests.Sqlite;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Processes;

/// <summary>Several processes on one file, some of which die.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFile _file = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Of_processes_that_make_and_swap_one_counter_each_wins_once_per_step()
    {
        // The file does not exist: the processes also race to make it.
        Process[] processes = [.. Enumerable.Range(0, 3).Select(_ => StoreProcess.Start("increment", _file.Path, "counter", 100))];

        int[] exits = await Task.WhenAll(processes.Select(FinishAsync));

        Assert.Equal([0, 0, 0], exits);
        await using SqliteStore store = await OpenAsync();
        Assert.Equal("300", Encoding.UTF8.GetString((await store.GetAsync("counter", Test))!.Value.Span));
        Assert.Equal(new Revision(300), (await store.ListAsync("", Test)).Revision);
    }

    [Fact]
    public async Task A_watch_sees_the_writes_of_other_processes_once_and_in_order()
    {
        await using SqliteStore store = await OpenAsync();
        Process[] writers = [.. Enumerable.Range(0, 3).Select(w => StoreProcess.Start("append", _file.Path, $"w{w}", 100))];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Test);
        deadline.CancelAfter(s_deadline);

        var seen = new List<StoreChange>();
        await foreach (StoreChange change in store.WatchAsync("w", Revision.Zero, deadline.Token))
        {
            seen.Add(change);
            if (seen.Count == 300)
            {
                break;
            }
        }
        await Task.WhenAll(writers.Select(FinishAsync));

        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), seen.Select(c => c.Revision.Value));
        foreach (IGrouping<string, StoreChange> writer in seen.GroupBy(c => c.Key[..2]))
        {
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{writer.Key}/{i}"), writer.Select(c => c.Key));
        }
    }

    [Fact]
    public async Task A_writer_that_is_killed_loses_nothing_that_was_acknowledged_and_blocks_nobody()
    {
        await using SqliteStore store = await OpenAsync();
        int total = 0;
        for (int round = 0; round < 5; round++)
        {
            using Process writer = StoreProcess.Start("append", _file.Path, $"r{round}", int.MaxValue);
            var acknowledged = new List<(string Key, long Revision)>();
            int until = 20 + (round * 17);
            for (int i = 0; i < until; i++)
            {
                acknowledged.Add(Parse(round, await ReadLineAsync(writer)));
            }
            writer.Kill();
            await writer.WaitForExitAsync(Test);
            while (await writer.StandardOutput.ReadLineAsync(Test) is { } line && line.Contains(' ', StringComparison.Ordinal))
            {
                acknowledged.Add(Parse(round, line));
            }

            StoreSnapshot list = await store.ListAsync($"r{round}/", Test);
            Dictionary<string, long> found = list.Entries.ToDictionary(e => e.Key, e => e.Modified.Value);
            Assert.All(acknowledged.SkipLast(1), a => Assert.Equal(a.Revision, found[a.Key]));
            total += list.Entries.Length;
        }
        Assert.Equal(total, (await store.ListAsync("", Test)).Revision.Value);
        Assert.True((await store.PutAsync(new StorePut("after", default), Test)).Written);
    }

    [Fact]
    public async Task A_write_of_another_process_arrives_within_milliseconds_and_an_idle_store_rests()
    {
        await using SqliteStore store = await OpenAsync();
        // The median over a busy machine; a store that only polls once a second would be far beyond it.
        var delays = new List<TimeSpan>();
        await using SqliteStore other = await OpenAsync();
        for (int i = 0; i < 21; i++)
        {
            Revision before = (await store.ListAsync("", Test)).Revision;
            IAsyncEnumerator<StoreChange> watch = store.WatchAsync("", before, Test).GetAsyncEnumerator(Test);
            ValueTask<bool> next = watch.MoveNextAsync();
            long start = Stopwatch.GetTimestamp();
            await other.PutAsync(new StorePut("key", default), Test);
            await next.AsTask().WaitAsync(s_deadline, Test);
            delays.Add(Stopwatch.GetElapsedTime(start));
            await watch.DisposeAsync();
        }
        Assert.InRange(delays.Order().ElementAt(delays.Count / 2).TotalMilliseconds, 0, 200);

        // From the last change on it looks after 1, 2, 4 … ms and then once a second: about ten times, not a thousand.
        long looks = store.Looks;
        await Eventually.BecomesAsync("it looks once more", () => Task.FromResult(store.Looks), now => now > looks + 10);
        Assert.InRange(store.Looks - looks, 0, 30);
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(new SqliteStoreOptions { Path = _file.Path }, Test);

    private static async Task<int> FinishAsync(Process process)
    {
        using (process)
        {
            await process.StandardOutput.ReadToEndAsync(Test).WaitAsync(s_deadline, Test);
            await process.WaitForExitAsync(Test).WaitAsync(s_deadline, Test);
            return process.ExitCode;
        }
    }

    private static async Task<string> ReadLineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Test).AsTask().WaitAsync(s_deadline, Test)
        ?? throw new InvalidOperationException("the writer ended by itself");

    private static (string Key, long Revision) Parse(int round, string line)
    {
        string[] parts = line.Split(' ');
        return ($"r{round}/{parts[0]}", long.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
