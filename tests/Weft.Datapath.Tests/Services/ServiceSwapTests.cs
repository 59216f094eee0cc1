using System.Reflection;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Datapath.Services;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests.Services;

/// <summary>A program in the kernel picks backends without pause while the lists change under it.</summary>
public sealed class ServiceSwapTests : IDisposable
{
    private const int Swaps = 100;
    private const int Picks = 10000;
    private static readonly ServiceKey s_key = ServiceFixture.Key("10.96.0.10:80");
    private readonly ServiceFixture _node = new();
    private readonly Dictionary<string, BpfMap> _maps;
    private readonly BpfObject _picker;

    public ServiceSwapTests()
    {
        _maps = _node.OpenPinned(DatapathMapNames.Services, DatapathMapNames.ServiceSlots, DatapathMapNames.Backends);
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("weft.bpf.services.o")!;
        using BinaryReader reader = new(stream);
        using BpfObjectSpec spec = BpfObjectSpec.Open(reader.ReadBytes((int)stream.Length), "services.o");
        Assert.Equal((uint)ServiceEntries.MaglevSize, spec.Maps[DatapathMapNames.Maglev].InnerSchema!.Value.MaxEntries);
        _picker = spec.Load(new BpfLoadOptions { Maps = _maps });
        _picker.Map("weft_test_frontend").As<uint, ServiceKey>().Update(0, s_key);
    }

    public void Dispose()
    {
        _picker.Dispose();
        foreach (BpfMap map in _maps.Values)
        {
            map.Dispose();
        }

        _node.Dispose();
    }

    [KernelFact]
    public async Task No_program_ever_meets_a_list_with_a_slot_or_a_backend_missing()
    {
        const int Backends = 40;
        _node.PutBackends(Backends);
        _node.Entries.Put(List(0));
        using CancellationTokenSource done = new();
        Task picking = Task.Run(() => Pick(done.Token));

        for (int swap = 1; swap <= Swaps || Outcome(0) < Picks; swap++)
        {
            _node.Entries.Put(List(swap));
            _node.Entries.Settle();
            Assert.False(picking.IsCompleted, "the program ends before the test does");
        }

        await done.CancelAsync();
        await picking;
        Assert.Equal((0ul, 0ul, 0ul), (Outcome(1), Outcome(2), Outcome(3)));

        static ServiceEntry List(int swap) => new()
        {
            Key = s_key,
            Id = 7,
            Internal = [.. Enumerable.Range(0, (swap * 7 % Backends) + 1).Select(i => (uint)((i + swap) % Backends) + 1)],
        };
    }

    private void Pick(CancellationToken stop)
    {
        byte[] packet = new byte[64];
        while (!stop.IsCancellationRequested)
        {
            _picker.Program("weft_test_pick").TestRun(packet, new BpfTestRunOptions { Repeat = 50 });
        }
    }

    private ulong Outcome(uint outcome)
    {
        Assert.True(_picker.Map("weft_test_outcomes").AsPerCpu<uint, ulong>()
            .TryAggregate(outcome, 0ul, static (sum, count) => sum + count, out ulong sum));
        return sum;
    }
}
