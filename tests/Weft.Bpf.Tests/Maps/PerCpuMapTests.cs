using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

public sealed class PerCpuMapTests
{
    /// <summary>Six bytes, so that values lie eight bytes apart.</summary>
    private readonly record struct Odd(ushort A, ushort B, ushort C);

    [KernelTheory]
    [InlineData(BpfMapType.PerCpuArray)]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.LruPerCpuHash)]
    public void Every_cpu_has_its_own_value(BpfMapType type)
    {
        using BpfMap untyped = BpfMap.Create(new() { Name = "test", Type = type, KeySize = 4, ValueSize = 6, MaxEntries = 64 });
        PerCpuMap<uint, Odd> map = untyped.AsPerCpu<uint, Odd>();
        Odd[] written = [.. Enumerable.Range(0, PossibleCpus.Count).Select(cpu => new Odd((ushort)(cpu + 0x102), (ushort)(cpu + 0x304), (ushort)(cpu + 0x506)))];
        Odd[] read = new Odd[PossibleCpus.Count];

        map.Update(1, written);

        Assert.True(map.TryLookup(1, read));
        Assert.Equal(written, read);
        Assert.Equal(written, map.Entries().Single(entry => entry.Key == 1).Value);
    }

    [KernelFact]
    public void A_program_counts_on_the_cpu_it_runs_on_and_the_sum_has_all()
    {
        using BpfObject maps = TestObject.Load("maps");
        PerCpuMap<uint, uint> runs = maps.Map("runs").AsPerCpu<uint, uint>();

        maps.Program("count").TestRun(Packet.OfLength(60), new() { Repeat = 25 });

        Assert.Equal(25u, runs.Sum(0u));
        Assert.Equal(0u, runs.Sum(1u));
        runs.UpdateAll(0, 3);
        Assert.Equal(3u * (uint)PossibleCpus.Count, runs.Sum(0u));
    }

    [KernelFact]
    public void A_view_of_the_wrong_kind_is_refused()
    {
        using BpfMap perCpu = BpfMap.Create(new() { Name = "test", Type = BpfMapType.PerCpuArray, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        using BpfMap plain = BpfMap.Create(new() { Name = "test", Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });

        Assert.Contains("use AsPerCpu", Assert.Throws<ArgumentException>(() => perCpu.As<uint, ulong>()).Message, StringComparison.Ordinal);
        Assert.Contains("use As", Assert.Throws<ArgumentException>(() => plain.AsPerCpu<uint, ulong>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => perCpu.AsPerCpu<uint, ulong>().TryLookup(0, new ulong[PossibleCpus.Count + 1]));
    }
}
