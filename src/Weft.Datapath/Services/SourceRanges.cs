using System.Net;
using System.Net.Sockets;
using Weft.Abi;
using Weft.Bpf;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Services;

/// <summary>Who may use a service from outside.</summary>
internal sealed class SourceRanges(DatapathMaps maps)
{
    private const byte Present = 1;
    private readonly Dictionary<uint, HashSet<SourceRangeKey>> _written = [];

    /// <summary>Adds what is new, then takes away what is not wanted any more: no client that may use the service before and after is refused.</summary>
    public void Set(uint serviceId, IReadOnlyCollection<IPNetwork> ranges)
    {
        HashSet<SourceRangeKey> wanted = [.. ranges.Select(range => KeyOf(serviceId, range))];
        HashSet<SourceRangeKey> old = _written.GetValueOrDefault(serviceId) ?? [];
        SourceRangeKey[] added = [.. wanted.Except(old)];
        try
        {
            foreach (SourceRangeKey key in added)
            {
                maps.SourceRanges.Update(key, Present);
            }
        }
        catch (BpfException)
        {
            Delete(added);
            throw;
        }

        Delete(old.Except(wanted));
        if (wanted.Count > 0)
        {
            _written[serviceId] = wanted;
        }
        else
        {
            _written.Remove(serviceId);
        }
    }

    /// <summary>Learns what is in the map, and removes the ranges of services that are none.</summary>
    /// <returns>How many those were.</returns>
    public int Adopt(IReadOnlySet<uint> services)
    {
        _written.Clear();
        int removed = maps.SourceRanges.DeleteWhere((key, _) => !services.Contains(key.ServiceId));
        foreach (IGrouping<uint, SourceRangeKey> group in maps.SourceRanges.Keys().GroupBy(key => key.ServiceId))
        {
            _written[group.Key] = [.. group];
        }

        return removed;
    }

    private void Delete(IEnumerable<SourceRangeKey> keys)
    {
        foreach (SourceRangeKey key in keys)
        {
            maps.SourceRanges.Delete(key);
        }
    }

    private static SourceRangeKey KeyOf(uint serviceId, IPNetwork range)
    {
        int front = (sizeof(uint) * 8) + (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WeftAddress.IPv4PrefixBits : 0);
        return new SourceRangeKey
        {
            PrefixLen = (uint)(front + range.PrefixLength),
            ServiceId = serviceId,
            Addr = WeftAddress.From(range.BaseAddress),
        };
    }
}
