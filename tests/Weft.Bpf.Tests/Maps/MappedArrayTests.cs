using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

public sealed class MappedArrayTests
{
    private struct Shared()
    {
        public ulong Seen = 0;
        public uint Delta = 0;
        public uint LastMark = 0;
    }

    [KernelFact]
    public void What_user_space_stores_the_program_sees_and_the_other_way_round()
    {
        using BpfObject maps = TestObject.Load("maps");
        using MappedArray<Shared> memory = maps.Map("shared_memory").As<uint, Shared>().MapMemory();
        BpfProgram count = maps.Program("count");

        memory[0].Delta = 5;
        count.TestRun(Packet.OfLength(60), new() { Context = new() { Mark = 0x01020304 } });
        Assert.Equal((5ul, 0x01020304u), (memory[0].Seen, memory[0].LastMark));

        memory[0].Delta = 100;
        count.TestRun(Packet.OfLength(60));
        Assert.Equal(105ul, memory[0].Seen);
        Assert.Equal(105ul, memory.Span[0].Seen);
        Assert.Equal(4, memory.Span.Length);
    }

    [KernelFact]
    public void Values_that_are_no_multiple_of_eight_bytes_are_found_by_index()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Array, 3, BpfMapFlags.Mappable);
        using MappedArray<uint> memory = map.MapMemory();

        memory[2] = 0x01020304;

        Assert.Equal(0x01020304u, map[2]);
        Assert.Throws<InvalidOperationException>(() => memory.Span.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory[-1]);
    }

    [KernelFact]
    public void Memory_outlives_the_map_object_and_is_refused_after_its_own_end()
    {
        MappedArray<uint> memory;
        using (BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Array, 1, BpfMapFlags.Mappable))
        {
            memory = map.MapMemory();
        }

        memory[0] = 9;
        Assert.Equal(9u, memory[0]);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory[0]);
    }

    [KernelFact]
    public void A_map_that_cannot_be_mapped_says_which_flag_it_lacks()
    {
        using BpfMap<uint, ulong> map = BpfMap.Create<uint, ulong>("test", BpfMapType.Array, 1);

        Assert.Contains("BPF_F_MMAPABLE", Assert.Throws<ArgumentException>(() => map.MapMemory()).Message, StringComparison.Ordinal);
    }
}
