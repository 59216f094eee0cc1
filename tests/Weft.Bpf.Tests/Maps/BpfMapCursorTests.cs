using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

public sealed class BpfMapCursorTests
{
    private const uint Stay = 3000;

    [KernelTheory]
    [InlineData(BpfMapType.Hash, BpfMapFlags.None)]
    [InlineData(BpfMapType.Hash, BpfMapFlags.NoPreallocation)]
    [InlineData(BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation)]
    public void Elements_that_stay_are_met_once_while_others_come_and_go(BpfMapType type, BpfMapFlags flags)
    {
        using BpfMap<ulong, ulong> map = BpfMap.Create<ulong, ulong>("test", type, 10000, flags);
        for (uint i = 0; i < Stay; i++)
        {
            map.Update(Key(i), i);
        }

        using CancellationTokenSource stop = new();
        Thread churn = new(() => Churn(map, stop.Token));
        churn.Start();
        try
        {
            for (int round = 0; round < 20; round++)
            {
                List<ulong> met = [.. map.Entries().Select(entry => entry.Value).Where(value => value < Stay)];
                Assert.Equal(Stay, (uint)met.Distinct().Count());
                Assert.Equal(met.Count, met.Distinct().Count());
            }
        }
        finally
        {
            stop.Cancel();
            churn.Join();
        }
    }

    [KernelTheory]
    [InlineData(BpfMapType.Hash, BpfMapFlags.None)]
    [InlineData(BpfMapType.LruHash, BpfMapFlags.None)]
    [InlineData(BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation)]
    public void All_elements_can_be_deleted_on_the_way(BpfMapType type, BpfMapFlags flags)
    {
        using BpfMap<ulong, ulong> map = BpfMap.Create<ulong, ulong>("test", type, 20000, flags);
        for (uint i = 0; i < Stay; i++)
        {
            map.Update(Key(i), i);
        }

        int deleted = 0;
        foreach ((ulong key, _) in map.Entries())
        {
            Assert.True(map.Delete(key));
            deleted++;
        }

        Assert.Equal((int)Stay, deleted);
        Assert.Empty(map.Keys());
    }

    [KernelFact]
    public void What_a_condition_asks_for_is_deleted_and_nothing_else()
    {
        using BpfMap<ulong, ulong> map = BpfMap.Create<ulong, ulong>("test", BpfMapType.Hash, 10000);
        for (uint i = 0; i < Stay; i++)
        {
            map.Update(Key(i), i);
        }

        Assert.Equal((int)Stay / 3, map.DeleteWhere((_, value) => value % 3 == 0));

        Assert.All(map.Entries(), entry => Assert.NotEqual(0u, entry.Value % 3));
        Assert.Equal((int)(Stay - (Stay / 3)), map.Keys().Count());
    }

    [KernelFact]
    public void A_map_larger_than_one_batch_is_read_whole()
    {
        using BpfMap<uint, ulong> map = BpfMap.Create<uint, ulong>("test", BpfMapType.Array, 50_000);
        map.Update(49_999, 5);

        Assert.Equal(50_000, map.Keys().Distinct().Count());
        Assert.Equal(5u, map.Entries().Last().Value);
    }

    private static ulong Key(uint i) => 32 | ((ulong)i << 32);

    private static void Churn(BpfMap<ulong, ulong> map, CancellationToken stop)
    {
        Random random = new(1);
        while (!stop.IsCancellationRequested)
        {
            ulong key = Key(Stay + (uint)random.Next(3000));
            if (random.Next(2) == 0)
            {
                map.Update(key, Stay);
            }
            else
            {
                map.Delete(key);
            }
        }
    }
}
