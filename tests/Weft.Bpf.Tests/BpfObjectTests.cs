using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class BpfObjectTests
{
    private struct Settings()
    {
        public uint Answer;
        public uint Unused = 0;
        public ulong Big;
    }

    [KernelFact]
    public void A_loaded_object_has_the_programs_and_maps_of_its_source()
    {
        using BpfObject maps = TestObject.Load("maps");

        Assert.Equal(["count", "grow", "jump", "touch_pinned"], maps.Programs.Keys.Order());
        Assert.Contains("shared_memory", maps.Maps.Keys);
        Assert.Equal(new BpfMapSchema(BpfMapType.Hash, 4, 8, 128, BpfMapFlags.None), maps.Map("pinned_hash").Schema);
    }

    [KernelFact]
    public void Constants_set_before_the_load_are_what_the_program_reads()
    {
        using BpfObjectSpec spec = TestObject.Open("maps");
        spec.SetConstant("settings", new Settings { Answer = 40, Big = 0x1122334455667788 });
        spec.SetInitial("start_at", 2u);
        using BpfObject maps = spec.Load();

        BpfTestRunResult result = maps.Program("count").TestRun(Packet.OfLength(60), new() { Context = new() { Mark = 9 } });

        Assert.Equal((3, 42u), (result.ReturnValue, result.Context.Mark));
    }

    [KernelFact]
    public void A_program_with_autoload_off_is_left_out()
    {
        using BpfObjectSpec spec = TestObject.Open("bad");
        spec.Programs["unchecked_lookup"].Autoload = false;
        spec.Programs["beyond_packet"].Autoload = false;
        using BpfObject loaded = spec.Load();

        Assert.Equal(["good"], loaded.Programs.Keys);
    }

    [KernelFact]
    public void Program_info_tells_what_the_verifier_did()
    {
        using BpfObject maps = TestObject.Load("maps");

        BpfProgramInfo info = maps.Program("count").GetInfo();

        Assert.Equal((BpfProgramType.SchedCls, "count"), (info.Type, info.Name));
        Assert.InRange(info.VerifiedInstructions, 10u, 100u);
        Assert.Equal(16, info.Tag.Length);
    }

    [KernelFact]
    public void A_map_that_cannot_be_made_is_named()
    {
        using BpfObjectSpec spec = TestObject.Open("maps");
        spec.Maps["pinned_hash"].Flags = (BpfMapFlags)(1u << 31);

        BpfException failure = Assert.Throws<BpfException>(() => spec.Load());

        Assert.Equal("load maps.o: map 'pinned_hash': failed to create: Invalid argument (errno 22)", failure.Message);
    }

    [KernelFact]
    public void A_helper_that_the_license_forbids_is_named()
    {
        VerifierException failure = Assert.Throws<VerifierException>(() => TestObject.Load("gpl"));

        Assert.Equal("load gpl.o: program need_gpl rejected: cannot call GPL-restricted function from non-GPL compatible program", failure.Message.Split('\n')[0]);
    }

    [Fact]
    public void Bytes_that_are_no_object_are_refused_in_words()
    {
        BpfException failure = Assert.Throws<BpfException>(() => BpfObjectSpec.Open("not ELF"u8, "pod.o"));

        Assert.Equal("open pod.o: not an ELF object (compile it with clang -target bpf -c)", failure.Message);
        Assert.Equal(Errno.ENOEXEC, failure.Errno);
    }
}
