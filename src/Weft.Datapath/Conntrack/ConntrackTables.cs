using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Conntrack;

/// <summary>What user space does to the two connection tracking maps: collect what has expired, forget an address.</summary>
/// <remarks>
/// BPF has no compare-and-delete: a flow that comes back to life between the look and the deletion is tracked anew with its next
/// packet. Thread-safe; the datapath works on meanwhile.
/// </remarks>
public sealed class ConntrackTables(DatapathMaps maps, TimeProvider clock)
{
    private readonly BpfMap<ConntrackKey, ConntrackValue>[] _tables = [maps.ConntrackTcp, maps.ConntrackAny];

    /// <summary>Deletes the entries whose time is over.</summary>
    public ConntrackSweep CollectExpired()
    {
        // CLOCK_MONOTONIC, as bpf_ktime_get_ns(): what TimeProvider.System and Stopwatch read on Linux.
        uint now = (uint)(clock.GetTimestamp() / clock.TimestampFrequency);
        ConntrackSweep total = default;
        foreach (BpfMap<ConntrackKey, ConntrackValue> table in _tables)
        {
            int seen = 0;
            int deleted = table.DeleteWhere((_, value) =>
            {
                seen++;
                return value.Expires < now;
            });
            total += new ConntrackSweep(seen, deleted);
        }

        return total;
    }

    /// <summary>Deletes every entry of the endpoints with these addresses, so that whoever gets one next inherits no flow.</summary>
    public int Forget(IReadOnlySet<WeftAddress> locals)
    {
        ArgumentNullException.ThrowIfNull(locals);
        return _tables.Sum(table => table.DeleteWhere((key, _) => locals.Contains(key.Local)));
    }
}
