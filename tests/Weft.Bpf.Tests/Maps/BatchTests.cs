using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

/// <summary>Batches must do what single calls do, whatever the kernel offers for the kind of map.</summary>
public sealed class BatchTests
{
    [KernelTheory]
    [InlineData(BpfMapType.Hash, BpfMapFlags.None)]
    [InlineData(BpfMapType.Hash, BpfMapFlags.NoPreallocation)]
    [InlineData(BpfMapType.LruHash, BpfMapFlags.None)]
    [InlineData(BpfMapType.LpmTrie, BpfMapFlags.NoPreallocation)]
    public void Random_batches_leave_the_same_map_as_a_dictionary(BpfMapType type, BpfMapFlags flags)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        // An LRU map may evict long before it is full, so it gets room to spare.
        using BpfMap<ulong, ulong> map = BpfMap.Create<ulong, ulong>("test", type, type == BpfMapType.LruHash ? 65536u : 4096u, flags);
        Dictionary<ulong, ulong> oracle = [];
        for (int round = 0; round < 20; round++)
        {
            ulong[] keys = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => KeyFor(type, random)).Distinct()];
            if (random.Next(3) > 0)
            {
                ulong[] values = [.. keys.Select(_ => (ulong)random.NextInt64())];
                map.UpdateBatch(keys, values);
                foreach ((ulong key, ulong value) in keys.Zip(values))
                {
                    oracle[key] = value;
                }
            }
            else
            {
                Assert.True(keys.Count(oracle.Remove) == map.DeleteBatch(keys), $"seed {seed}, round {round}");
            }

            Assert.True(oracle.OrderBy(entry => entry.Key).SequenceEqual(map.Entries().OrderBy(entry => entry.Key)), $"seed {seed}, round {round}");
        }
    }

    [KernelFact]
    public void A_batch_that_does_not_fit_says_where_it_stopped()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 3);

        BpfException failure = Assert.Throws<BpfException>(() => map.UpdateBatch([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]));

        Assert.Equal("update element 3 of 5 in map test: Argument list too long (errno 7) (it is full at 3 entries)", failure.Message);
        Assert.Equal(3, map.Entries().Count());
    }

    [KernelFact]
    public void One_bad_element_does_not_make_the_map_forget_that_it_has_batches()
    {
        using BpfMap<ulong, uint> map = BpfMap.Create<ulong, uint>("test", BpfMapType.LpmTrie, 8, BpfMapFlags.NoPreallocation);

        // A prefix of 33 bits of a 32-bit address.
        BpfException failure = Assert.Throws<BpfException>(() => map.UpdateBatch([32, 33], [1, 2]));

        Assert.Equal(Errno.EINVAL, failure.Errno);
        Assert.StartsWith("update element 1 of 2", failure.Message, StringComparison.Ordinal);
        Assert.False(map.Untyped.BatchesUnsupported);
    }

    [KernelFact]
    public void Update_modes_hold_in_batches()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 8);
        map.Update(2, 20);

        BpfException failure = Assert.Throws<BpfException>(() => map.UpdateBatch([1, 2, 3], [10, 21, 30], BpfUpdate.NoExist));

        Assert.Equal(Errno.EEXIST, failure.Errno);
        Assert.Equal([new(1, 10), new(2, 20)], map.Entries().OrderBy(entry => entry.Key));
    }

    [KernelFact]
    public void A_map_without_batches_is_filled_one_by_one()
    {
        using BpfObject maps = TestObject.Load("maps");
        BpfMap jumps = maps.Map("jumps"); // program arrays have no batch operations

        int fd = maps.Program("count").Fd.Number;
        jumps.As<uint, int>().UpdateBatch([0, 1], [fd, fd]);

        Assert.True(jumps.BatchesUnsupported);
        Assert.Equal(2, jumps.As<uint, uint>().DeleteBatch([0, 1]));
    }



    /// <summary>Few enough keys that batches overlap; in a trie all of 32 bits, which must not repeat under other spellings.</summary>
    private static ulong KeyFor(BpfMapType type, Random random) =>
        type == BpfMapType.LpmTrie ? 32 | ((ulong)random.Next(1000) << 32) : (ulong)random.Next(1000);
}
