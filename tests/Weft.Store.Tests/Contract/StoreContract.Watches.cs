namespace Weft.Store.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_watch_shows_puts_and_deletes_of_its_prefix_in_order()
    {
        StoreSnapshot start = await Store.ListAsync(Nodes, Test);

        await PutAsync(Nodes + "bpf1", "one");
        await PutAsync("weft/state/ip/v1/default/10.0.1.1", "elsewhere");
        await PutAsync(Nodes + "bpf1", "two");
        await Store.DeleteAsync(Nodes + "bpf1", expected: null, Test);
        await PutAsync(Nodes + "bpf2", "three");

        List<StoreChange> seen = await TakeAsync(Store.WatchAsync(Nodes, start.Revision, Test), 4);
        Assert.Equal(["bpf1=one", "bpf1=two", "bpf1=(none)", "bpf2=three"], seen.Select(Text));
        Assert.Equal(seen.OrderBy(c => c.Revision), seen);
    }

    [Fact]
    public async Task A_watch_after_a_list_repeats_nothing_of_it()
    {
        await PutAsync(Nodes + "bpf1", "one");
        StoreSnapshot list = await Store.ListAsync(Nodes, Test);
        await PutAsync(Nodes + "bpf2", "two");

        List<StoreChange> seen = await TakeAsync(Store.WatchAsync(Nodes, list.Revision, Test), 1);

        Assert.Equal(["bpf2=two"], seen.Select(Text));
    }

    [Fact]
    public async Task A_waiting_watch_is_woken_by_another_client()
    {
        IStore other = await OpenClientAsync();
        Task<List<StoreChange>> watch = TakeAsync(Store.WatchAsync(Nodes, Revision.Zero, Test), 1);

        await PutAsync(Nodes + "bpf1", "one", through: other);

        Assert.Equal(["bpf1=one"], (await watch).Select(Text));
    }

    [Fact]
    public async Task A_cancelled_watch_ends()
    {
        using var stop = new CancellationTokenSource();
        Task<List<StoreChange>> watch = CollectAsync(Store.WatchAsync(Nodes, Revision.Zero, stop.Token));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.WaitAsync(Deadline, Test));
    }

    [Fact]
    public async Task A_watch_after_a_revision_that_never_was_asks_for_a_new_list()
    {
        await PutAsync(Nodes + "bpf1", "one");

        await Assert.ThrowsAsync<StoreCompactedException>(
            () => TakeAsync(Store.WatchAsync(Nodes, new Revision(1_000_000), Test), 1));
    }

    [Fact]
    public async Task Concurrent_writers_are_watched_without_loss_repetition_or_disorder()
    {
        const int writers = 4;
        const int each = 50;
        IStore[] clients = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => OpenClientAsync()));
        Task<List<StoreChange>>[] watches =
            [.. clients.Take(2).Select(c => TakeAsync(c.WatchAsync(Nodes, Revision.Zero, Test), writers * each))];

        await Task.WhenAll(clients.Select((client, w) => Task.Run(async () =>
        {
            for (int i = 0; i < each; i++)
            {
                await PutAsync($"{Nodes}w{w}", $"{i}", through: client);
            }
        })));

        foreach (List<StoreChange> seen in await Task.WhenAll(watches))
        {
            Assert.Equal(writers * each, seen.Select(c => c.Revision).Distinct().Count());
            Assert.Equal(seen.OrderBy(c => c.Revision), seen);
            for (int w = 0; w < writers; w++)
            {
                Assert.Equal(Enumerable.Range(0, each).Select(i => $"w{w}={i}"), seen.Select(Text).Where(t => t.StartsWith($"w{w}=")));
            }
        }
    }

    [Fact]
    public async Task Of_many_that_swap_one_counter_each_wins_once_per_step()
    {
        const int clients = 4;
        const int each = 25;
        await PutAsync("counter", "0");

        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            IStore client = await OpenClientLockedAsync();
            for (int i = 0; i < each; i++)
            {
                await IncrementAsync(client);
            }
        })));

        Assert.Equal($"{clients * each}", Text(await Store.GetAsync("counter", Test)));
    }

    private static async Task IncrementAsync(IStore client)
    {
        StoreEntry? read = await client.GetAsync("counter", Test);
        PutResult result;
        do
        {
            byte[] next = Bytes($"{int.Parse(Text(read), System.Globalization.CultureInfo.InvariantCulture) + 1}");
            result = await client.PutAsync(new StorePut("counter", next) { Condition = PutCondition.At(read!.Modified) }, Test);
            read = result.Current;
        }
        while (!result.Written);
    }

    protected static async Task<List<StoreChange>> CollectAsync(IAsyncEnumerable<StoreChange> watch)
    {
        var changes = new List<StoreChange>();
        await foreach (StoreChange change in watch)
        {
            changes.Add(change);
        }
        return changes;
    }

    private async Task<IStore> OpenClientLockedAsync()
    {
        await _opening.WaitAsync(Test);
        try
        {
            return await OpenClientAsync();
        }
        finally
        {
            _opening.Release();
        }
    }

    private readonly SemaphoreSlim _opening = new(1, 1);
}
