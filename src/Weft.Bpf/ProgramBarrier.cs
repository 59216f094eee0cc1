using Weft.Bpf.Maps;

namespace Weft.Bpf;

/// <summary>Waits until every program has ended that was running at the call: what such a run read from a map, none holds any more.</summary>
/// <remarks>
/// For elements that only old values of other elements refer to, which may be deleted then. The kernel waits so, for an RCU grace period (some
/// milliseconds), when an element of a map of maps changes (kernel/bpf/syscall.c, maybe_wait_bpf_programs, since 4.20); this class
/// has such a map for the purpose. Sleepable programs are not waited for. Thread-safe.
/// </remarks>
public sealed class ProgramBarrier : IDisposable
{
    private readonly BpfMap _inner;
    private readonly BpfMap _outer;

    public ProgramBarrier()
    {
        _inner = BpfMap.Create(new BpfMapDefinition { Name = "barrier_in", Type = BpfMapType.Array, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        try
        {
            _outer = BpfMap.Create(new BpfMapDefinition
            {
                Name = "barrier",
                Type = BpfMapType.ArrayOfMaps,
                KeySize = 4,
                ValueSize = 4,
                MaxEntries = 1,
                InnerTemplate = _inner,
            });
        }
        catch
        {
            _inner.Dispose();
            throw;
        }
    }

    public void Wait() => _outer.SetInnerMap(0u, _inner);

    public void Dispose()
    {
        _outer.Dispose();
        _inner.Dispose();
    }
}
