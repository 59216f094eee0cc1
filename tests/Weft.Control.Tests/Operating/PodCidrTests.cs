using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Operating;
using Weft.Datapath;
using Weft.Model.Addressing;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Tests.Operating;

public sealed class PodCidrTests : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly SharedStore _store = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("10.0.0.0/8", 24, "10.0.0.0/24", "10.0.1.0/24", "10.255.255.0/24")]
    [InlineData("192.168.64.0/22", 24, "192.168.64.0/24", "192.168.65.0/24", "192.168.67.0/24")]
    [InlineData("fd00:10::/48", 24, "fd00:10::/64", "fd00:10:0:1::/64", "fd00:10:0:ffff::/64")]
    public void A_pool_has_equal_parts(string range, int mask, string first, string second, string last)
    {
        PodCidrPool pool = Pool(range, mask);

        Assert.Equal(first, $"{pool.PartAt(0)}");
        Assert.Equal(second, $"{pool.PartAt(1)}");
        Assert.Equal(last, $"{pool.PartAt(pool.Count - 1)}");
        Assert.Equal(first, $"{pool.FindFree([])}");
        Assert.Equal(second, $"{pool.FindFree([IPNetwork.Parse(first)])}");
        Assert.Null(pool.FindFree([IPNetwork.Parse(range)]));
    }

    [Fact]
    public void The_free_part_that_is_found_is_the_lowest_that_overlaps_nothing()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        PodCidrPool pool = Pool("10.0.0.0/18", 24);
        for (int round = 0; round < 300; round++)
        {
            IPNetwork[] taken = [.. Enumerable.Range(0, random.Next(40)).Select(_ =>
            {
                int length = random.Next(14, 33);
                uint address = 0x0a000000u + (uint)random.Next(1 << 16);
                address &= uint.MaxValue << (32 - length);
                return new IPNetwork(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]), length);
            })];

            PodCidr? naive = Enumerable.Range(0, pool.Count).Select(pool.PartAt).Cast<PodCidr?>()
                .FirstOrDefault(part => taken.All(range => !range.Contains(part!.Value.Network.BaseAddress) && !part.Value.Network.Contains(range.BaseAddress)));

            Assert.True(naive == pool.FindFree(taken), $"seed {seed}: {naive} or {pool.FindFree(taken)} beside {string.Join(' ', taken)}");
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8,10.1.0.0/16", "two pools of one family")]
    [InlineData("10.0.0.1/8", "is not a prefix")]
    [InlineData("10.0.0.0/25", "does not fit")]
    public void What_is_wrong_with_pools_is_told(string text, string expected)
    {
        Assert.False(PodCidrPool.TryParseAll(text, 24, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_gets_what_no_other_node_and_no_address_of_one_is_in_and_keeps_it()
    {
        IStore client = await _store.OpenClientAsync();
        await PutNodeAsync(client, "static", "10.0.0.0/24", "10.0.1.7");
        using CancellationTokenSource stop = new();
        Task assigner = RunAssigner(client, "10.0.0.0/8,fd00:10::/48", stop.Token);

        Assert.Equal(["10.0.2.0/24", "fd00:10::/64"], await ObtainAsync("a", ipv6: true));
        Assert.Equal(["10.0.3.0/24"], await ObtainAsync("b"));
        Assert.Equal(["10.0.2.0/24", "fd00:10::/64"], await ObtainAsync("a", ipv6: true));
        // It gets IPv6 later, and keeps what it has.
        Assert.Equal(["10.0.3.0/24", "fd00:10:0:1::/64"], await ObtainAsync("b", ipv6: true));
        // In a store that knows nothing of it any more.
        await client.DeleteAsync(StoreKeys.PodCidrClaim(ClusterName.Default, NodeName.Parse("b")), null, Test);
        Assert.Equal(["10.0.3.0/24"], await ObtainAsync("b", before: ["10.0.3.0/24"]));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => assigner);
    }

    [Fact]
    public async Task A_pool_that_is_used_up_is_told_and_what_becomes_free_is_given_away()
    {
        IStore client = await _store.OpenClientAsync();
        using CancellationTokenSource stop = new();
        Task assigner = RunAssigner(client, "10.0.0.0/23", stop.Token);
        await ObtainAsync("a");
        await ObtainAsync("b");

        DatapathException full = await Assert.ThrowsAsync<DatapathException>(() => ObtainAsync("c"));
        Assert.Contains("all 2 parts of pool 10.0.0.0/23 are given away", full.Message, StringComparison.Ordinal);
        await client.DeleteAsync(StoreKeys.PodCidrClaim(ClusterName.Default, NodeName.Parse("a")), null, Test);

        Assert.Equal(["10.0.0.0/24"], await ObtainAsync("c"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => assigner);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(0)]
    public async Task Many_nodes_that_ask_while_operators_come_and_die_get_ranges_that_do_not_overlap(int given)
    {
        int seed = given == 0 ? Random.Shared.Next() : given;
        Random random = new(seed);
        OperatorSettings settings = new()
        {
            Cluster = ClusterName.Default,
            Name = "operator",
            Pools = Pools("10.0.0.0/8"),
            LeaseTimeToLive = TimeSpan.FromSeconds(1),
        };
        using CancellationTokenSource stop = new();
        Task operators = Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(async () =>
        {
            for (int life = 0; !stop.IsCancellationRequested; life++)
            {
                IStore inner = await _store.OpenClientAsync();
                DelayingStore client = new(inner, seed + (i * 100) + life);
                OperatorDuties duties = new(client, settings with { Name = $"o{i}.{life}" }, TimeProvider.System, NullLoggerFactory.Instance);
                using CancellationTokenSource death = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                death.CancelAfter(random.Next(200, 1500));
                try
                {
                    // Every second one dies without a word.
                    await duties.RunAsync(life % 2 == 0 ? death.Token : stop.Token).WaitAsync(death.Token);
                }
                catch (OperationCanceledException)
                {
                    await inner.DisposeAsync();
                }
                catch (ObjectDisposedException)
                {
                    // The store that it died with.
                }
            }
        })));

        string[][] given4 = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => ObtainAsync($"n{n}", seed: seed + n))));
        await stop.CancelAsync();
        await operators.WaitAsync(s_deadline, Test);

        PodCidr[] all = [.. given4.SelectMany(ranges => ranges).Select(PodCidr.Parse)];
        Assert.Equal(40, all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.DoesNotContain(all.Skip(i + 1), other => all[i].Overlaps(other));
        }

        IStore watcher = await _store.OpenClientAsync();
        Assert.All((await watcher.ListAsync(StoreKeys.PodCidrClaims(ClusterName.Default), Test)).Entries, entry =>
            Assert.True(RecordReader.TryRead(entry, ModelJsonContext.Default.PodCidrClaim, out PodCidrClaim? claim, out _)
                && all.Contains(claim.PodCidrs.Single()), $"seed {seed}"));
    }

    private async Task<string[]> ObtainAsync(string node, bool ipv6 = false, string[]? before = null, int seed = 0)
    {
        IStore client = new DelayingStore(await _store.OpenClientAsync(), seed);
        ImmutableArray<PodCidr> ranges = await new PodCidrRequest(client, ClusterName.Default, NodeName.Parse(node), TimeProvider.System)
            .ObtainAsync(ipv6, [.. (before ?? []).Select(PodCidr.Parse)], Test);
        return [.. ranges.Select(range => range.ToString())];
    }

    private static Task RunAssigner(IStore client, string pools, CancellationToken stop) => Task.Run(() => new PodCidrAssigner(
        client, ClusterName.Default, Pools(pools), NullLoggerFactory.Instance).RunAsync(stop), CancellationToken.None);

    private static ImmutableArray<PodCidrPool> Pools(string text)
    {
        Assert.True(PodCidrPool.TryParseAll(text, 24, out ImmutableArray<PodCidrPool> pools, out string? error), error);
        return pools;
    }

    private static PodCidrPool Pool(string range, int mask)
    {
        Assert.True(PodCidrPool.TryParseAll(range, mask, out ImmutableArray<PodCidrPool> pools, out string? error), error);
        return pools.Single();
    }

    private static async Task PutNodeAsync(IStore store, string name, string podCidr, string address)
    {
        NodeRecord record = new()
        {
            Name = NodeName.Parse(name),
            Cluster = ClusterName.Default,
            Instance = name,
            Addresses = [IPAddress.Parse(address)],
            PodCidrs = [PodCidr.Parse(podCidr)],
            Routers = [],
        };
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(record, ModelJsonContext.Default.NodeRecord);
        await store.PutAsync(new StorePut(StoreKeys.Node(ClusterName.Default, record.Name), value), Test);
    }
}
