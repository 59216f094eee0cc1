using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class PinTests : IDisposable
{
    private readonly BpfDirectory _pins = new();

    public void Dispose() => _pins.Dispose();

    [KernelFact]
    public void Maps_that_ask_for_it_are_pinned_by_the_load_and_used_by_the_next()
    {
        BpfMapId first;
        using (BpfObject maps = Load("maps"))
        {
            Assert.Equal(["pinned_hash", "pinned_lru"], _pins.Names);
            maps.Program("touch_pinned").TestRun(Packet.OfLength(77));
            first = maps.Map("pinned_hash").Id;
        }

        using BpfObject again = Load("maps");
        Assert.Equal(first, again.Map("pinned_hash").Id);
        using BpfMap<uint, ulong> opened = BpfMap.OpenPinned<uint, ulong>(_pins["pinned_hash"]);
        Assert.Equal(("pinned_hash", 77ul), (opened.Name, opened[1]));
    }

    [KernelFact]
    public void Every_difference_of_every_map_is_reported_and_nothing_is_changed()
    {
        Load("maps").Dispose();

        BpfMapMismatchException failure = Assert.Throws<BpfMapMismatchException>(() => Load("pinned"));

        Assert.Equal(
            $"load pinned.o: map pinned_hash at {_pins["pinned_hash"]}: value size is 8, wanted 16, max entries is 128, wanted 256, "
            + $"flags is None, wanted NoPreallocation; map pinned_lru at {_pins["pinned_lru"]}: max entries is 256, wanted 512 "
            + "(remove the pin, or let the load recreate or keep the map)",
            failure.Message);
        Assert.Equal([false, true], failure.Mismatches.Select(mismatch => mismatch.IsCapacityOnly));
        Assert.Equal(["pinned_hash", "pinned_lru"], _pins.Names);
    }

    [KernelFact]
    public void The_caller_may_recreate_one_map_and_keep_another_at_its_capacity()
    {
        BpfMapId oldHash;
        BpfMapId oldLru;
        using (BpfObject old = Load("maps"))
        {
            oldHash = old.Map("pinned_hash").Id;
            oldLru = old.Map("pinned_lru").Id;
        }

        using BpfObject fresh = Load("pinned", mismatch => mismatch.IsCapacityOnly ? BpfMismatchAction.KeepCapacity : BpfMismatchAction.Recreate);

        Assert.Equal((oldLru, 256u), (fresh.Map("pinned_lru").Id, fresh.Map("pinned_lru").Schema.MaxEntries));
        Assert.NotEqual(oldHash, fresh.Map("pinned_hash").Id);
        using BpfMap pinned = BpfMap.OpenPinned(_pins["pinned_hash"]);
        Assert.Equal(fresh.Map("pinned_hash").Id, pinned.Id);
        Assert.Equal(["pinned_hash", "pinned_lru"], _pins.Names);
    }

    [KernelFact]
    public void A_map_to_recreate_stays_when_a_program_is_rejected()
    {
        using BpfMap old = BpfMap.Create(new() { Name = "pinned_hash", Type = BpfMapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        old.Pin(_pins["table"]);
        using BpfObjectSpec bad = TestObject.Open("bad");

        Assert.Throws<VerifierException>(() => bad.Load(new() { PinDirectory = _pins.Path, OnMismatch = _ => BpfMismatchAction.Recreate }));

        using BpfMap still = BpfMap.OpenPinned(_pins["table"]);
        Assert.Equal(old.Id, still.Id);
    }

    [KernelFact]
    public void Maps_can_be_shared_between_objects_without_a_pin()
    {
        using BpfObject one = TestObject.Load("maps");
        using BpfObjectSpec spec = TestObject.Open("maps");

        using BpfObject two = spec.Load(new() { Maps = new Dictionary<string, BpfMap> { ["pinned_hash"] = one.Map("pinned_hash") } });

        two.Program("touch_pinned").TestRun(Packet.OfLength(66));
        Assert.Equal(66ul, one.Map("pinned_hash").As<uint, ulong>()[1]);
        Assert.NotEqual(one.Map("pinned_lru").Id, two.Map("pinned_lru").Id);
    }

    [KernelFact]
    public void Capacity_and_flags_can_be_changed_before_the_load()
    {
        using BpfObjectSpec spec = TestObject.Open("maps");
        spec.Maps["pinned_hash"].MaxEntries = 1000;
        spec.Maps["pinned_hash"].Flags = BpfMapFlags.NoPreallocation;

        using BpfObject maps = spec.Load();

        Assert.Equal(new BpfMapSchema(BpfMapType.Hash, 4, 8, 1000, BpfMapFlags.NoPreallocation), maps.Map("pinned_hash").Schema);
    }

    [KernelFact]
    public void Pins_of_programs_keep_them_alive()
    {
        BpfProgramId id;
        using (BpfObject maps = TestObject.Load("maps"))
        {
            maps.Program("grow").Pin(_pins["grow"]);
            id = maps.Program("grow").Id;
        }

        using BpfProgram program = BpfProgram.OpenPinned(_pins["grow"]);
        Assert.Equal((id, "grow"), (program.Id, program.Name));
        Assert.Equal(68, program.TestRun(Packet.OfLength(60)).Data.Length);
        Assert.True(BpfProgram.Unpin(_pins["grow"]));
        Assert.False(BpfProgram.Unpin(_pins["grow"]));
        Assert.Null(BpfProgram.TryOpenPinned(_pins["grow"]));
    }

    [KernelFact]
    public void What_cannot_be_pinned_says_why()
    {
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Hash, 1);

        BpfException noDirectory = Assert.Throws<BpfException>(() => map.Untyped.Pin(_pins["none/map"]));
        Assert.Equal($"pin map test at {_pins["none/map"]}: No such file or directory (errno 2) (its directory does not exist)", noDirectory.Message);
        BpfException wrongFileSystem = Assert.Throws<BpfException>(() => map.Untyped.Pin("/dev/shm/weft-bpf-cs"));
        Assert.Contains("bpf file system", wrongFileSystem.Message, StringComparison.Ordinal);
        BpfException dots = Assert.Throws<BpfException>(() => map.Untyped.Pin(_pins["eth0.100"]));
        Assert.EndsWith("(names on a bpf file system cannot have dots)", dots.Message, StringComparison.Ordinal);
        Assert.Null(BpfMap.TryOpenPinned(_pins["map"]));
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfMap.OpenPinned(_pins["map"])).Errno);
    }

    private BpfObject Load(string name, Func<BpfMapMismatch, BpfMismatchAction>? onMismatch = null)
    {
        using BpfObjectSpec spec = TestObject.Open(name);
        BpfLoadOptions options = new() { PinDirectory = _pins.Path };
        return spec.Load(onMismatch is null ? options : options with { OnMismatch = onMismatch });
    }
}
