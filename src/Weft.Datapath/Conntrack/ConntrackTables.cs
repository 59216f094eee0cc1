using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Conntrack;

/// <summary>What user space does to flows: collect those that have expired, forget those of an address or a backend.</summary>
/// <remarks>
/// A flow's translation goes together with its connection tracking entry, in one walk over each map. BPF has no
/// compare-and-delete: a flow that comes back to life between the look and the deletion is tracked anew with its next
/// packet. Thread-safe; the datapath works on meanwhile.
/// </remarks>
public sealed class ConntrackTables(DatapathMaps maps, TimeProvider clock)
{
    private const byte Udp = 17;
    private const byte Tcp = 6;
    private readonly BpfMap<ConntrackKey, ConntrackValue>[] _tables = [maps.ConntrackTcp, maps.ConntrackAny];

    /// <summary>Deletes the entries whose time is over, and translations that no flow has any more.</summary>
    public ConntrackSweep CollectExpired()
    {
        // CLOCK_MONOTONIC, as bpf_ktime_get_ns(): what TimeProvider.System and Stopwatch read on Linux.
        uint now = (uint)(clock.GetTimestamp() / clock.TimestampFrequency);
        Dictionary<ConntrackKey, ushort> translated = [];
        ConntrackSweep total = default;
        foreach (BpfMap<ConntrackKey, ConntrackValue> table in _tables)
        {
            total += Sweep(table, translated, (_, value) => value.Expires < now);
        }

        int seen = 0;
        int deleted = maps.Nat.DeleteWhere((key, value) =>
        {
            seen++;
            return IsOf(translated, key, value) || (value.Expires < now && !IsAlive(key, value, now));
        });
        return total + new ConntrackSweep(seen, deleted);
    }

    /// <summary>Deletes every flow of the endpoints with these addresses, so that whoever gets one next inherits none.</summary>
    /// <returns>How many entries there were, translations included.</returns>
    public int Forget(IReadOnlySet<WeftAddress> locals)
    {
        ArgumentNullException.ThrowIfNull(locals);
        return _tables.Sum(table => table.DeleteWhere((key, _) => locals.Contains(key.Local)))
            + maps.Nat.DeleteWhere((_, value) => locals.Contains(value.OrigAddr));
    }

    /// <summary>
    /// Deletes what clients of services remember of these backends, so that their next packet gets another one. TCP is left: the
    /// datapath resets a connection whose backend is none any more, and a reset needs the entry.
    /// </summary>
    /// <returns>How many entries there were, translations included.</returns>
    public int ForgetBackends(IReadOnlySet<uint> backends)
    {
        ArgumentNullException.ThrowIfNull(backends);
        Dictionary<ConntrackKey, ushort> translated = [];
        int deleted = Sweep(
            maps.ConntrackAny,
            translated,
            (key, value) => key.Scope == ConntrackScope.Service && key.Proto == Udp && backends.Contains(value.BackendId)).Deleted;
        return translated.Count == 0 ? deleted : deleted + maps.Nat.DeleteWhere((key, value) => IsOf(translated, key, value));
    }

    /// <summary>Counts the packets of flows so far, in both directions.</summary>
    public FlowPackets CountPackets(FlowFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Dictionary<ConntrackKey, ulong> packets = [];
        foreach (BpfMap<ConntrackKey, ConntrackValue> table in _tables)
        {
            foreach ((ConntrackKey key, ConntrackValue value) in table.Entries())
            {
                if (filter.Matches(key, value))
                {
                    packets[key] = value.TxPackets + value.RxPackets;
                }
            }
        }

        return new FlowPackets(packets);
    }

    /// <param name="translated">Gets the flows that go and have a translation, with its port.</param>
    private static ConntrackSweep Sweep(
        BpfMap<ConntrackKey, ConntrackValue> table,
        Dictionary<ConntrackKey, ushort> translated,
        Func<ConntrackKey, ConntrackValue, bool> isOver)
    {
        int seen = 0;
        int deleted = table.DeleteWhere((key, value) =>
        {
            seen++;
            if (!isOver(key, value))
            {
                return false;
            }

            if (value.NatPort != 0)
            {
                translated[key] = value.NatPort;
            }

            return true;
        });
        return new ConntrackSweep(seen, deleted);
    }

    /// <summary>A port that a flow once had may be another one's by now: both, flow and port, must be the same.</summary>
    private static bool IsOf(Dictionary<ConntrackKey, ushort> translated, in NatKey key, in NatValue value) =>
        translated.Count > 0 && NatFlow.Of(key, value) is { } flow
        && translated.TryGetValue(flow, out ushort port) && port == key.Port;

    private bool IsAlive(in NatKey key, in NatValue value, uint now) =>
        NatFlow.Of(key, value) is { } flow
        && (key.Proto == Tcp ? maps.ConntrackTcp : maps.ConntrackAny).TryLookup(flow, out ConntrackValue found)
        && found.Expires >= now && found.NatPort == key.Port;
}
