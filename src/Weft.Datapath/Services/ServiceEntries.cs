using System.Net;
using System.Net.Sockets;
using Weft.Abi;
using Weft.Bpf;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Services;

/// <summary>Writes services so that every packet meets a whole one: the old or the new.</summary>
/// <remarks>
/// <para>
/// A change of a frontend writes the slots of a new generation, then the frontend's value in one update. The slots of the
/// generation before stay until <see cref="Settle"/>, since a program that read the old value may still look into them.
/// </para>
/// <para>
/// The caller keeps the order between the parts: backends before the lists that name them, a service's table and source ranges before
/// the flags that send packets there; and the other way round when they go, with <see cref="Settle"/> before backends are removed.
/// Call <see cref="Adopt"/> first. Every method throws <see cref="ServiceEntryException"/> when a map refuses, and then has changed nothing.
/// Thread-safe; nobody else may write these maps.
/// </para>
/// </remarks>
public sealed partial class ServiceEntries(DatapathMaps maps) : IDisposable
{
    /// <summary>Places in a Maglev table: WEFT_MAGLEV_SIZE, a prime.</summary>
    public const int MaglevSize = 16381;

    /// <summary>Slots that may wait for <see cref="Settle"/> before a change settles by itself.</summary>
    private const int MaxRetired = 16384;

    private readonly Lock _lock = new();
    private readonly MaglevTables _maglev = new(maps);
    private readonly SourceRanges _ranges = new(maps);
    private readonly ProgramBarrier _barrier = new();
    private readonly Dictionary<ServiceKey, ServiceEntry> _entries = [];
    private readonly Dictionary<uint, ServiceKey> _keys = [];
    private readonly HashSet<ServiceSlotKey> _retired = [];
    private ushort _generation;

    /// <summary>Makes a frontend what the entry says, or leaves it as it was.</summary>
    public void Put(ServiceEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            string attempt = $"put service {Describe(entry.Key)}";
            RequireSound(attempt, entry);
            ServiceEntry? old = _entries.GetValueOrDefault(entry.Key);
            bool sameSlots = old is not null && old.Id == entry.Id && old.HasListsOf(entry);
            ServiceEntry next = entry with { Generation = sameSlots ? old!.Generation : NextGeneration(old) };
            if (next == old)
            {
                return;
            }

            Write(attempt, () => WriteFrontend(next, withSlots: !sameSlots));
            Remember(old, next, sameSlots);
        }
    }

    /// <summary>From here on nothing answers at the frontend; packets to it are handled as if there had been no service.</summary>
    /// <returns>False if there was none.</returns>
    public bool Remove(ServiceKey key)
    {
        lock (_lock)
        {
            Write($"remove service {Describe(key)}", () => maps.Services.Delete(key));
            if (!_entries.Remove(key, out ServiceEntry? old))
            {
                return false;
            }

            _keys.Remove(old.Id);
            Retire(old);
            return true;
        }
    }

    public void PutBackend(uint id, in BackendValue backend)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        BackendValue value = backend;
        lock (_lock)
        {
            Write($"put backend {id} ({Describe(value.Addr, value.Port, value.Proto)})", () => maps.Backends.Update(id, value));
        }
    }

    /// <summary>Flows that have it end: TCP is reset with the next packet, everything else gets another backend.</summary>
    /// <returns>False if there was no such backend.</returns>
    public bool RemoveBackend(uint id)
    {
        bool removed = false;
        lock (_lock)
        {
            Write($"remove backend {id}", () => removed = maps.Backends.Delete(id));
        }

        return removed;
    }

    /// <summary>Gives a service the table that packets from outside are balanced by.</summary>
    /// <param name="serviceId">Of the frontend.</param>
    /// <param name="backends">Ids, for each of the <see cref="MaglevSize"/> places.</param>
    public void PutMaglev(uint serviceId, ReadOnlySpan<uint> backends)
    {
        uint[] table = backends.ToArray();
        lock (_lock)
        {
            Write($"put Maglev table of service {serviceId}", () => _maglev.Put(serviceId, table));
        }
    }

    /// <returns>False if there was none.</returns>
    public bool RemoveMaglev(uint serviceId)
    {
        bool removed = false;
        lock (_lock)
        {
            Write($"remove Maglev table of service {serviceId}", () => removed = _maglev.Remove(serviceId));
        }

        return removed;
    }

    /// <summary>Makes these the clients that may use a service from outside; none: whoever its flags let in.</summary>
    public void SetSourceRanges(uint serviceId, IReadOnlyCollection<IPNetwork> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        lock (_lock)
        {
            Write($"set source ranges of service {serviceId}", () => _ranges.Set(serviceId, ranges));
        }
    }

    /// <summary>Waits until no packet is under way that was told an old list, and takes the slots of old lists away.</summary>
    /// <remarks>Once a run of the reconciler is enough: the wait takes milliseconds, however many slots there are.</remarks>
    public void Settle()
    {
        lock (_lock)
        {
            SettleLocked();
        }
    }

    public void Dispose() => _barrier.Dispose();

    private void WriteFrontend(ServiceEntry entry, bool withSlots)
    {
        (ServiceSlotKey[] keys, uint[] backends) = withSlots ? entry.Slots() : ([], []);
        try
        {
            maps.ServiceSlots.UpdateBatch(keys, backends);
            maps.Services.Update(entry.Key, entry.Value());
        }
        catch (BpfException)
        {
            maps.ServiceSlots.DeleteBatch(keys);
            throw;
        }
    }

    private void Remember(ServiceEntry? old, ServiceEntry next, bool sameSlots)
    {
        if (old is not null)
        {
            _keys.Remove(old.Id);
        }

        _entries[next.Key] = next;
        _keys[next.Id] = next.Key;
        if (!sameSlots)
        {
            if (old is not null)
            {
                Retire(old);
            }

            // An id that is used again at once may meet the generation of its past.
            _retired.ExceptWith(next.Slots().Keys);
        }

        if (_retired.Count > MaxRetired)
        {
            SettleLocked();
        }
    }

    private void Retire(ServiceEntry old) => _retired.UnionWith(old.Slots().Keys);

    private void SettleLocked()
    {
        if (_retired.Count > 0)
        {
            _barrier.Wait();
            maps.ServiceSlots.DeleteBatch([.. _retired]);
            _retired.Clear();
        }
    }

    /// <summary>Where a map is full, the slots that wait to be deleted may be what is in the way.</summary>
    private void Write(string attempt, Action write)
    {
        try
        {
            try
            {
                write();
            }
            catch (BpfException full) when (ServiceEntryException.Tells(full) && _retired.Count > 0)
            {
                SettleLocked();
                write();
            }
        }
        catch (BpfException error)
        {
            throw new ServiceEntryException(attempt, error);
        }
    }

    private void RequireSound(string attempt, ServiceEntry entry)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entry.Id);
        int most = Math.Max(entry.Internal.Length, entry.External.Length);
        if (most > ServiceEntry.MaxBackends)
        {
            throw new ServiceEntryException(attempt, $"it has {most} backends, and a list holds {ServiceEntry.MaxBackends}");
        }

        if (_keys.TryGetValue(entry.Id, out ServiceKey holder) && holder != entry.Key)
        {
            throw new ServiceEntryException(attempt, $"id {entry.Id} is that of service {Describe(holder)}");
        }
    }

    private ushort NextGeneration(ServiceEntry? old)
    {
        _generation++;
        return old?.Generation == _generation ? ++_generation : _generation;
    }

    private static string Describe(in ServiceKey key) => Describe(key.Addr, key.Port, key.Proto);

    private static string Describe(WeftAddress address, ushort port, byte protocol) =>
        $"{new IPEndPoint(address.ToIPAddress(), port)}/{(ProtocolType)protocol switch
        {
            ProtocolType.Tcp => "TCP",
            ProtocolType.Udp => "UDP",
            ProtocolType other => $"{(int)other}",
        }}";
}
