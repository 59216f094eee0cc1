using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class ProgramBarrierTests
{
    [KernelFact]
    public async Task A_wait_ends_also_while_programs_run()
    {
        using BpfObject maps = TestObject.Load("maps");
        using ProgramBarrier barrier = new();
        Task runs = Task.Run(() => maps.Program("touch_pinned").TestRun(Packet.OfLength(60), new() { Repeat = 1000 }));

        barrier.Wait();
        barrier.Wait();

        await runs;
    }
}
