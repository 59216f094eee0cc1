using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

public sealed class BpfMapTests
{
    private readonly record struct Key(ulong High, uint Low, uint Pad);

    private readonly record struct Value(uint First, ushort Second, byte Third, byte Fourth);

    private static readonly Key s_key = new(0x0102030405060708, 0x090a0b0c, 0);
    private static readonly Value s_value = new(0x11121314, 0x1516, 0x17, 0x18);

    [KernelTheory]
    [InlineData(BpfMapType.Hash, BpfMapFlags.None)]
    [InlineData(BpfMapType.Hash, BpfMapFlags.NoPreallocation)]
    [InlineData(BpfMapType.LruHash, BpfMapFlags.None)]
    public void A_hash_map_gives_back_every_byte(BpfMapType type, BpfMapFlags flags)
    {
        using BpfMap<Key, Value> map = BpfMap.Create<Key, Value>("test", type, 16, flags);

        Assert.False(map.TryLookup(s_key, out _));
        map.Update(s_key, s_value);
        Assert.True(map.TryLookup(s_key, out Value found));
        Assert.Equal(s_value, found);
        Assert.Equal([new(s_key, s_value)], map.Entries());
        Assert.True(map.Delete(s_key));
        Assert.False(map.Delete(s_key));
        Assert.Empty(map.Entries());
    }

    [KernelFact]
    public void The_bytes_in_the_map_are_those_of_the_struct()
    {
        using BpfMap<Key, Value> map = BpfMap.Create<Key, Value>("test", BpfMapType.Hash, 4);
        map.Update(s_key, s_value);
        byte[] value = new byte[8];

        Assert.True(map.Untyped.TryLookup([8, 7, 6, 5, 4, 3, 2, 1, 0x0c, 0x0b, 0x0a, 9, 0, 0, 0, 0], value));

        Assert.Equal([0x14, 0x13, 0x12, 0x11, 0x16, 0x15, 0x17, 0x18], value);
    }

    [KernelFact]
    public void An_array_has_all_its_elements_from_the_start_and_no_others()
    {
        using BpfMap<uint, ulong> map = BpfMap.Create<uint, ulong>("test", BpfMapType.Array, 3);
        map.Update(1, 0x0102030405060708);

        Assert.Equal([new(0, 0), new(1, 0x0102030405060708), new(2, 0)], map.Entries().OrderBy(entry => entry.Key));
        Assert.False(map.TryLookup(3, out _));
        BpfException failure = Assert.Throws<BpfException>(() => map.Update(3, 0));
        Assert.Equal("update map test: Argument list too long (errno 7) (the index is past its 3 entries)", failure.Message);
    }

    [KernelFact]
    public void The_longest_prefix_wins()
    {
        using BpfMap<ulong, uint> map = BpfMap.Create<ulong, uint>("test", BpfMapType.LpmTrie, 8, BpfMapFlags.NoPreallocation);
        map.Update(Prefix(8, 10, 0, 0, 0), 8);
        map.Update(Prefix(24, 10, 0, 1, 0), 24);

        Assert.Equal(24u, map[Prefix(32, 10, 0, 1, 7)]);
        Assert.Equal(8u, map[Prefix(32, 10, 0, 2, 7)]);
        Assert.False(map.TryLookup(Prefix(32, 11, 0, 0, 1), out _));
        Assert.Equal([24u, 8u], map.Entries().Select(entry => entry.Value).OrderDescending());
    }

    [KernelFact]
    public void A_queue_gives_back_in_order()
    {
        using BpfMap queue = BpfMap.Create(new() { Name = "test", Type = BpfMapType.Queue, ValueSize = 4, MaxEntries = 2 });
        queue.Update(default, [1, 2, 3, 4]);
        queue.Update(default, [5, 6, 7, 8]);
        byte[] value = new byte[4];

        Assert.True(queue.TryTake(default, value));
        Assert.Equal([1, 2, 3, 4], value);
        Assert.True(queue.TryTake(default, value));
        Assert.False(queue.TryTake(default, value));
    }

    [KernelFact]
    public void Update_modes_tell_new_from_old()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 4);

        Assert.False(map.TryUpdate(1, 10, BpfUpdate.Exist));
        Assert.True(map.TryUpdate(1, 10, BpfUpdate.NoExist));
        Assert.False(map.TryUpdate(1, 11, BpfUpdate.NoExist));
        Assert.True(map.TryUpdate(1, 12, BpfUpdate.Exist));
        Assert.Equal(12u, map[1]);
        Assert.Equal(Errno.EEXIST, Assert.Throws<BpfException>(() => map.Update(1, 13, BpfUpdate.NoExist)).Errno);
        Assert.Throws<KeyNotFoundException>(() => map[2]);
    }

    [KernelFact]
    public void A_full_map_says_how_many_it_holds()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 2);
        map.Update(1, 1);
        map.Update(2, 2);

        BpfException failure = Assert.Throws<BpfException>(() => map.Update(3, 3));

        Assert.Equal("update map test: Argument list too long (errno 7) (it is full at 2 entries)", failure.Message);
    }

    [KernelFact]
    public void A_struct_of_the_wrong_size_is_refused_before_the_kernel_writes_into_it()
    {
        using BpfMap map = BpfMap.Create(new() { Name = "test", Type = BpfMapType.Hash, KeySize = 4, ValueSize = 12, MaxEntries = 1 });

        Assert.Contains("has values of 12 bytes, but UInt64 has 8", Assert.Throws<ArgumentException>(() => map.As<uint, ulong>()).Message, StringComparison.Ordinal);
        Assert.Contains("has keys of 4 bytes, but UInt16 has 2", Assert.Throws<ArgumentException>(() => map.As<ushort, ulong>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => map.TryLookup(new byte[4], new byte[8]));
        Assert.Throws<ArgumentException>(() => map.TryLookup(new byte[5], new byte[12]));
    }

    [KernelFact]
    public void Taking_an_element_removes_it()
    {
        using BpfMap<Key, Value> map = BpfMap.Create<Key, Value>("test", BpfMapType.Hash, 4);
        map.Update(s_key, s_value);

        Assert.True(map.TryTake(s_key, out Value taken));
        Assert.Equal(s_value, taken);
        Assert.False(map.TryTake(s_key, out _));
    }

    [KernelFact]
    public void A_map_of_maps_swaps_its_inner_map_in_one_step()
    {
        using BpfMap<uint, uint> one = BpfMap.Create<uint, uint>("one", BpfMapType.Hash, 4);
        using BpfMap<uint, uint> two = BpfMap.Create<uint, uint>("two", BpfMapType.Hash, 4);
        using BpfMap outer = BpfMap.Create(
            new() { Name = "outer", Type = BpfMapType.HashOfMaps, KeySize = 4, ValueSize = 4, MaxEntries = 4, InnerTemplate = one.Untyped });
        BpfMap<uint, uint> ids = outer.As<uint, uint>();

        outer.SetInnerMap(7u, one.Untyped);
        Assert.Equal(one.Untyped.Id.Value, ids[7]);
        outer.SetInnerMap(7u, two.Untyped);
        two.Update(1, 42);

        using BpfMap inner = BpfMap.OpenById(new(ids[7]));
        Assert.Equal(("two", 42u), (inner.Name, inner.As<uint, uint>()[1]));
        Assert.Equal([new(7, two.Untyped.Id.Value)], ids.Entries());
    }

    [KernelFact]
    public void A_frozen_map_refuses_in_words()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 4);
        map.Untyped.Freeze();

        BpfException failure = Assert.Throws<BpfException>(() => map.Update(1, 1));

        Assert.Equal(Errno.EPERM, failure.Errno);
        Assert.DoesNotContain("needs root", failure.Message, StringComparison.Ordinal);
    }

    private static ulong Prefix(uint bits, byte a, byte b, byte c, byte d) =>
        bits | ((ulong)(a | (uint)(b << 8) | (uint)(c << 16) | ((uint)d << 24)) << 32);
}
