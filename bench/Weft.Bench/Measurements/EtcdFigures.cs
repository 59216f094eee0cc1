using System.Diagnostics;
using System.Globalization;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Store;
using Weft.Store.Etcd;

namespace Weft.Bench.Measurements;

/// <summary>A cluster on a real etcd: how fast endpoints are told to all nodes, what it costs, and how soon all is well after a restart of etcd.</summary>
/// <remarks>
/// All nodes live in this process and share its CPUs with etcd; on machines of their own each has one share of this work. So only some of them
/// publish and follow from the beginning, and the others join a cluster that is there: 40,000 changes told to 200 nodes one by one would take two CPUs a quarter
/// of an hour, in which etcd itself is starved.
/// </remarks>
internal static class EtcdFigures
{
    public const string Name = "etcd";

    private const int Publishing = 20;
    private const int Changes = 21;
    private const int RawPuts = 4000;

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress) =>
        options.Wants(Name) ? (options.Plan == TrafficPlan.Quick ? MeasureAsync(30, 2_000, progress) : MeasureAsync(200, 20_000, progress)).GetAwaiter().GetResult() : [];

    private static async Task<List<Figure>> MeasureAsync(int nodes, int total, Action<string> progress)
    {
        using BenchEtcd etcd = new();
        await etcd.StartAsync();
        progress($"etcd's own puts, {Text(RawPuts)} by {Publishing} clients");
        double raw = await RawPutsAsync(etcd, Publishing);
        long before = LiveBytes();
        List<SimulatedNode> cluster = [];
        await StartAsync(cluster, Publishing, etcd);
        await using EtcdStore watcher = await etcd.OpenAsync();
        List<Figure> figures = [];
        progress($"{Text(total)} endpoints of {Publishing} simulated nodes, each with labels of its own");
        figures.AddRange(await PublishAsync(cluster, total / Publishing, watcher, raw));
        progress($"{nodes - Publishing} more nodes");
        figures.Add(await JoinAsync(cluster, nodes, total, etcd));
        figures.Add(new Figure(Name, $"memory of a node that knows {Text(total)} addresses and identities", "MiB",
            Spread.Single((LiveBytes() - before) / (double)(1 << 20) / nodes), null, null, null));
        figures.Add(new Figure(Name, "memory of etcd", "MiB", Spread.Single(etcd.MemoryMiB), null, null, null));
        progress("single changes");
        figures.AddRange(await ChangesAsync(cluster, total, watcher));
        progress("etcd is killed and started again");
        figures.Add(await RestartAsync(cluster, etcd));
        progress("the nodes end");
        await Task.WhenAll(cluster.Select(node => node.DisposeAsync().AsTask()));
        return figures;
    }

    private static long LiveBytes() => GC.GetTotalMemory(forceFullCollection: true);

    private static async Task StartAsync(List<SimulatedNode> cluster, int nodes, BenchEtcd etcd)
    {
        while (cluster.Count < nodes)
        {
            cluster.Add(new SimulatedNode(await etcd.OpenAsync(), cluster.Count + 1));
        }

        await Task.WhenAll(cluster.Select(node => node.SyncedAsync(2)));
    }

    private static async Task<Figure> JoinAsync(List<SimulatedNode> cluster, int nodes, int total, BenchEtcd etcd)
    {
        int more = nodes - cluster.Count;
        long begin = Stopwatch.GetTimestamp();
        await StartAsync(cluster, nodes, etcd);
        await Task.WhenAll(cluster.Select(node => node.KnowsAsync(total, total)));
        return new Figure(
            Name, $"{more} more nodes at once, until each knows all", "s", Spread.Single(Stopwatch.GetElapsedTime(begin).TotalSeconds), null, null, null);
    }

    private static async Task<double> RawPutsAsync(BenchEtcd etcd, int clients)
    {
        EtcdStore[] stores = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => etcd.OpenAsync()));
        byte[] value = new byte[160];
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(stores.Select((store, client) => Task.Run(async () =>
        {
            for (int i = client; i < RawPuts; i += clients)
            {
                await store.PutAsync(new StorePut($"raw/{i}", value), CancellationToken.None);
            }
        })));
        double rate = RawPuts / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        foreach (EtcdStore store in stores)
        {
            await store.DisposeAsync();
        }

        return rate;
    }

    private static async Task<IEnumerable<Figure>> PublishAsync(List<SimulatedNode> cluster, int endpoints, EtcdStore watcher, double raw)
    {
        int total = cluster.Count * endpoints;
        Revision start = (await watcher.ListAsync("nothing/", CancellationToken.None)).Revision;
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Select((node, n) => Task.Run(async () =>
        {
            for (int e = 1; e <= endpoints; e++)
            {
                await node.PublishAsync(e, LabelSet.Parse([$"k8s:app=a{n}x{e}", "k8s:io.kubernetes.pod.namespace=default"]));
            }
        })));
        TimeSpan published = Stopwatch.GetElapsedTime(begin);
        await Task.WhenAll(cluster.Select(node => node.KnowsAsync(total, total)));
        TimeSpan known = Stopwatch.GetElapsedTime(begin);
        Revision end = (await watcher.ListAsync("nothing/", CancellationToken.None)).Revision;
        double writes = end.Value - start.Value;
        return
        [
            new Figure(Name, $"{Text(total)} endpoints, until the last is in the store", "s", Spread.Single(published.TotalSeconds), null, null, null),
            new Figure(Name, $"… until the {cluster.Count} nodes that publish them know all", "s", Spread.Single(known.TotalSeconds), null, null, null),
            new Figure(Name, "writes a second meanwhile", "1/s", Spread.Single(writes / known.TotalSeconds), "puts to etcd that nobody watches",
                Spread.Single(writes / known.TotalSeconds / raw), null),
            new Figure(Name, "writes for an endpoint with new labels", "writes", Spread.Single(writes / total), null, null, null),
        ];
    }

    private static async Task<IEnumerable<Figure>> ChangesAsync(List<SimulatedNode> cluster, int known, EtcdStore watcher)
    {
        Sample all = new();
        Sample one = new();
        Identity identity = new(4242);
        Revision start = (await watcher.ListAsync("nothing/", CancellationToken.None)).Revision;
        for (int change = 1; change <= Changes; change++)
        {
            Revision now = (await watcher.ListAsync("nothing/", CancellationToken.None)).Revision;
            IAsyncEnumerator<StoreChange> watch = watcher.WatchAsync("weft/state/ip/", now, CancellationToken.None).GetAsyncEnumerator();
            ValueTask<bool> next = watch.MoveNextAsync();
            Task[] nodes = [.. cluster.Select(node => node.KnowsAsync(known + change, 0))];
            long begin = Stopwatch.GetTimestamp();
            await cluster[change % cluster.Count].PublishAsync(1000 + change, identity);
            await next;
            one.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            await Task.WhenAll(nodes);
            all.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            await watch.DisposeAsync();
        }

        double writes = (await watcher.ListAsync("nothing/", CancellationToken.None)).Revision.Value - start.Value;
        return
        [
            new Figure(Name, $"a new address, until the last of {cluster.Count} nodes knows", "ms", Spread.Of(all), "one more watch of the same", Spread.Of(one.Over(all)), null),
            new Figure(Name, "writes for an endpoint with labels that its node has", "writes", Spread.Single(writes / Changes), null, null, null),
        ];
    }

    private static async Task<Figure> RestartAsync(List<SimulatedNode> cluster, BenchEtcd etcd)
    {
        (SimulatedNode Node, int Synced)[] before = [.. cluster.Select(node => (node, node.Synced))];
        etcd.Kill();
        await etcd.StartAsync();
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(before.Select(entry => entry.Node.SyncedAsync(entry.Synced + 2)));
        return new Figure(Name, $"after a restart of etcd, until all {cluster.Count} nodes follow again", "s",
            Spread.Single(Stopwatch.GetElapsedTime(begin).TotalSeconds), null, null, null);
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
