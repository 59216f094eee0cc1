using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class TestRunTests
{
    [KernelFact]
    public void The_packet_comes_back_as_the_program_left_it()
    {
        using BpfObject maps = TestObject.Load("maps");
        byte[] frame = Packet.OfLength(60);
        frame[59] = 0x77;

        BpfTestRunResult result = maps.Program("grow").TestRun(frame);

        Assert.Equal((0, 68, 0x77), (result.ReturnValue, result.Data.Length, result.Data[67]));
    }

    [KernelFact]
    public void A_packet_that_grows_too_much_says_which_option_to_raise()
    {
        using BpfObject maps = TestObject.Load("maps");

        // The buffer comes from a pool and may be longer than asked for, so the packet fills a whole one.
        BpfException failure = Assert.Throws<BpfException>(() => maps.Program("grow").TestRun(Packet.OfLength(2048), new() { GrowthBytes = 0 }));

        Assert.Equal(Errno.ENOSPC, failure.Errno);
        Assert.Contains("GrowthBytes = 0", failure.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_packet_without_an_ethernet_header_is_refused_in_words()
    {
        using BpfObject maps = TestObject.Load("maps");

        BpfException failure = Assert.Throws<BpfException>(() => maps.Program("count").TestRun(new byte[13]));

        Assert.Equal("test run of program count on 13 bytes: Invalid argument (errno 22) (the packet must have 14 bytes)", failure.Message);
    }

    [KernelFact]
    public void All_fields_of_the_context_arrive_and_come_back()
    {
        using BpfObject context = TestObject.Load("context");
        SkBuffContext sent = new() { Mark = 1, Priority = 2, IngressIfIndex = 1, IfIndex = 1, Timestamp = 3, WireLength = 200, GsoSegments = 4, GsoSize = 5 };
        SkBuffContext.ControlBlock words = default;
        for (int i = 0; i < 5; i++)
        {
            words[i] = (uint)i + 10;
        }

        sent.Cb = words;

        BpfTestRunResult result = context.Program("swap").TestRun(Packet.OfLength(60), new() { Context = sent });

        // The program answers with mark := priority, priority := mark, cb[0] := cb[4], and what it saw of the rest.
        SkBuffContext got = result.Context;
        Assert.Equal((2u, 1u, 14u), (got.Mark, got.Priority, got.Cb[0]));
        Assert.Equal((1u, 1u, 200u, 4u), (got.Cb[1], got.Cb[2], got.Cb[3], got.Cb[4]));
        Assert.Equal(5, result.ReturnValue);
    }

    [KernelFact]
    public void Repeated_runs_have_a_duration()
    {
        using BpfObject maps = TestObject.Load("maps");

        BpfTestRunResult result = maps.Program("count").TestRun(Packet.OfLength(60), new() { Repeat = 1000 });

        Assert.InRange(result.DurationNanoseconds, 1u, 100_000u);
    }

    [KernelFact]
    public void A_tail_call_goes_to_the_program_that_user_space_put_there()
    {
        using BpfObject maps = TestObject.Load("maps");
        BpfProgram jump = maps.Program("jump");
        Assert.Equal(2, jump.TestRun(Packet.OfLength(60)).ReturnValue); // TC_ACT_SHOT: nothing to jump to

        maps.Map("jumps").SetProgram(1, maps.Program("grow"));

        Assert.Equal(68, jump.TestRun(Packet.OfLength(60)).Data.Length);
    }
}
