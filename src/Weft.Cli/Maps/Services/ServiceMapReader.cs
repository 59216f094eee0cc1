using System.Net;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Hosting;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps.Services;

/// <summary>Reads the maps of services, which refer to each other by ids.</summary>
internal static class ServiceMapReader
{
    public static ServiceMapRow[] Services(Invocation invocation)
    {
        using BpfMap<ServiceKey, ServiceValue> map = invocation.OpenMap<ServiceKey, ServiceValue>(DatapathMapNames.Services);
        using BpfMap<ServiceSlotKey, uint> slotMap = invocation.OpenMap<ServiceSlotKey, uint>(DatapathMapNames.ServiceSlots);
        Dictionary<uint, BackendMapRow> backends = Backends(invocation).ToDictionary(row => row.Id);
        KeyValuePair<ServiceKey, ServiceValue>[] services = [.. map.Entries()];

        // After the values: their slots are there by now, and a list that was replaced since is shown as far as it still is.
        Dictionary<ServiceSlotKey, uint> slots = slotMap.Entries().ToDictionary();
        return
        [
            .. services
                .OrderBy(service => service.Key.Addr, AddressComparer.Instance)
                .ThenBy(service => service.Key.Port.Value)
                .ThenBy(service => service.Key.Proto)
                .Select(service => ServiceMapRow.From(service.Key, service.Value, list => ListOf(service.Value, list))),
        ];

        ServiceMapBackend[] ListOf(ServiceValue value, ServiceList list) =>
        [
            .. Enumerable.Range(0, value.Count[(int)list])
                .Select(slot => slots.GetValueOrDefault(
                    new ServiceSlotKey { ServiceId = value.Id, Generation = value.Generation, List = list, Slot = (uint)slot }))
                .Where(id => id != 0)
                .Select(id => new ServiceMapBackend(id, backends.GetValueOrDefault(id)?.Address)),
        ];
    }

    public static BackendMapRow[] Backends(Invocation invocation)
    {
        using BpfMap<uint, BackendValue> map = invocation.OpenMap<uint, BackendValue>(DatapathMapNames.Backends);
        return
        [
            .. map.Entries().OrderBy(entry => entry.Key).Select(entry => new BackendMapRow(
                entry.Key, SocketText.Protocol(entry.Value.Proto), SocketText.Of(entry.Value.Addr, entry.Value.Port))),
        ];
    }

    public static SourceRangeRow[] SourceRanges(Invocation invocation)
    {
        using BpfMap<SourceRangeKey, byte> map = invocation.OpenMap<SourceRangeKey, byte>(DatapathMapNames.SourceRanges);
        Dictionary<uint, string> names = Services(invocation)
            .GroupBy(row => row.Id)
            .ToDictionary(group => group.Key, group => $"{group.First().Frontend}/{group.First().Protocol}");
        return
        [
            .. map.Keys()
                .OrderBy(key => key.ServiceId)
                .ThenBy(key => key.Addr, AddressComparer.Instance)
                .ThenBy(key => key.PrefixLen)
                .Select(key => new SourceRangeRow(key.ServiceId, names.GetValueOrDefault(key.ServiceId), RangeOf(key).ToString())),
        ];
    }

    /// <summary>Null: the service has no table.</summary>
    public static MaglevRow[]? Maglev(Invocation invocation, uint service)
    {
        using BpfMap<uint, uint> map = invocation.OpenMap<uint, uint>(DatapathMapNames.Maglev);
        using BpfMap? table = map.Untyped.TryOpenInner(service);
        Dictionary<uint, BackendMapRow> backends = Backends(invocation).ToDictionary(row => row.Id);
        return table is null ? null :
        [
            .. table.As<uint, uint>().Entries()
                .CountBy(entry => entry.Value)
                .OrderBy(count => count.Key)
                .Select(count => new MaglevRow(count.Key, backends.GetValueOrDefault(count.Key)?.Address, count.Value)),
        ];
    }

    private static IPNetwork RangeOf(SourceRangeKey key)
    {
        const int IdBits = 32;
        int front = IdBits + (key.Addr.IsIPv4 ? WeftAddress.IPv4PrefixBits : 0);
        return new IPNetwork(key.Addr.ToIPAddress(), Math.Max(0, (int)key.PrefixLen - front));
    }
}
