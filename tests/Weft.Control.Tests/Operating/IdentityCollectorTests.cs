using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Identities;
using Weft.Control.Operating;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Operating;

public sealed class IdentityCollectorTests : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(30);
    private static readonly LabelSet s_cni = LabelSet.Parse(["k8s:app=cni"]);

    private readonly SharedStore _store = new();
    private readonly ManualClock _clock = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task An_identity_goes_when_nobody_used_it_for_the_whole_grace()
    {
        IStore client = await _store.OpenClientAsync();
        IdentityCollector collector = new(client, s_grace, _clock, NullLoggerFactory.Instance);
        using IdentityAllocator node = new(client, ClusterName.Default, NodeName.Parse("n1"), TimeProvider.System);
        Identity identity = await node.AcquireAsync(s_cni, Test);

        Assert.Equal(0, await LookAsync(collector, s_grace));
        Assert.Equal(0, await LookAsync(collector, s_grace));
        await node.ReleaseAsync(identity, Test);
        Assert.Equal(0, await LookAsync(collector, TimeSpan.Zero));
        Assert.Equal(0, await LookAsync(collector, s_grace - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await LookAsync(collector, TimeSpan.FromSeconds(1)));

        Assert.Empty((await client.ListAsync("weft/state/identities/", Test)).Entries);
        Assert.Equal(identity, await node.AcquireAsync(s_cni, Test));
    }

    [Fact]
    public async Task One_that_is_used_again_within_the_grace_begins_anew_and_one_of_another_cluster_counts()
    {
        IStore client = await _store.OpenClientAsync();
        IdentityCollector collector = new(client, s_grace, _clock, NullLoggerFactory.Instance);
        using IdentityAllocator node = new(client, ClusterName.Default, NodeName.Parse("n1"), TimeProvider.System);
        using IdentityAllocator far = new(client, ClusterName.Parse("far"), NodeName.Parse("n1"), TimeProvider.System);
        Identity identity = await node.AcquireAsync(s_cni, Test);
        await node.ReleaseAsync(identity, Test);
        await LookAsync(collector, TimeSpan.Zero);
        await node.AcquireAsync(s_cni, Test);
        Assert.Equal(0, await LookAsync(collector, s_grace / 2));
        await node.ReleaseAsync(identity, Test);
        Assert.Equal(0, await LookAsync(collector, s_grace / 2));
        Assert.Equal(0, await LookAsync(collector, s_grace / 2));
        await far.AcquireAsync(s_cni, Test);
        Assert.Equal(0, await LookAsync(collector, s_grace * 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Nothing_in_use_is_removed_whatever_nodes_and_two_collectors_do_at_once(int given)
    {
        int seed = given == 0 ? Random.Shared.Next() : given;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        LabelSet[] sets = [.. Enumerable.Range(0, 6).Select(i => LabelSet.Parse([$"k8s:app=a{i}"]))];
        using var stop = new CancellationTokenSource();
        // With no grace they remove what was only just released, as often as they can.
        Task<int>[] collectors = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(async i =>
        {
            IStore client = new DelayingStore(await _store.OpenClientAsync(), seed + i);
            return Task.Run(() => CollectAsync(new IdentityCollector(client, TimeSpan.Zero, TimeProvider.System, NullLoggerFactory.Instance), stop.Token));
        }))];
        var held = new List<(LabelSet Labels, Identity Identity)>[4];
        IStore watcher = await _store.OpenClientAsync();

        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(held.Select((_, n) => ChurnAsync(n, seed + (round * 10) + n, sets, held)));
            // Everything that a node holds is agreed on, by all nodes alike.
            string trouble = await CheckAsync(watcher, held);
            Assert.True(trouble.Length == 0, $"seed {seed}, round {round}: {trouble}");
        }

        await stop.CancelAsync();
        int removed = (await Task.WhenAll(collectors)).Sum();
        Assert.True(removed > 0, $"seed {seed}: the collectors removed only {removed}");
        foreach (IdentityAllocator node in _nodes.Values)
        {
            node.Dispose();
        }
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, IdentityAllocator> _nodes = new();

    private async Task ChurnAsync(int number, int seed, LabelSet[] sets, List<(LabelSet Labels, Identity Identity)>[] held)
    {
        if (!_nodes.TryGetValue(number, out IdentityAllocator? node))
        {
            IStore client = new DelayingStore(await _store.OpenClientAsync(), seed);
            // Labels that hash alike, so that numbers are taken over from others.
            node = new IdentityAllocator(
                client, ClusterName.Default, NodeName.Parse($"n{number}"), TimeProvider.System, labels => labels.Canonical[^2] % 2u);
            _nodes[number] = node;
            held[number] = [];
        }

        Random random = new(seed);
        for (int i = 0; i < 8; i++)
        {
            if (held[number].Count > 0 && random.Next(2) == 0)
            {
                int which = random.Next(held[number].Count);
                Identity released = held[number][which].Identity;
                held[number].RemoveAt(which);
                await node.ReleaseAsync(released, Test);
            }
            else
            {
                LabelSet labels = sets[random.Next(sets.Length)];
                held[number].Add((labels, await node.AcquireAsync(labels, Test)));
            }
        }
    }

    private static async Task<string> CheckAsync(IStore store, List<(LabelSet Labels, Identity Identity)>[] held)
    {
        var trouble = new List<string>();
        foreach (IGrouping<LabelSet, Identity> one in held.SelectMany(h => h).GroupBy(h => h.Labels, h => h.Identity))
        {
            Identity[] numbers = [.. one.Distinct()];
            StoreEntry? agreement = await store.GetAsync(StoreKeys.IdentityOf(one.Key), Test);
            StoreEntry? record = await store.GetAsync(StoreKeys.Identity(numbers[0]), Test);
            LabelSet? labels = record is not null && RecordReader.TryRead(record, ModelJsonContext.Default.IdentityRecord, out IdentityRecord? read, out _)
                ? read.Labels
                : null;
            if (numbers.Length > 1)
            {
                trouble.Add($"{one.Key} has {string.Join(" and ", numbers)}");
            }
            else if (!one.Key.Equals(labels))
            {
                trouble.Add($"{one.Key} is used as {numbers[0]}, which stands for {labels?.ToString() ?? "nothing"}");
            }
            else if (agreement is null || Encoding.UTF8.GetString(agreement.Value.Span).TrimStart('-') != $"{numbers[0].Value}")
            {
                trouble.Add($"{one.Key} is used as {numbers[0]}, agreed is {(agreement is null ? "nothing" : Encoding.UTF8.GetString(agreement.Value.Span))}");
            }
        }

        return string.Join("; ", trouble);
    }

    private static async Task<int> CollectAsync(IdentityCollector collector, CancellationToken stop)
    {
        int removed = 0;
        while (!stop.IsCancellationRequested)
        {
            removed += await collector.RunAsync(CancellationToken.None);
        }

        return removed;
    }

    private async Task<int> LookAsync(IdentityCollector collector, TimeSpan later)
    {
        _clock.Advance(later);
        return await collector.RunAsync(Test);
    }
}
