using System.Net;
using Weft.Abi;
using Weft.Model.Identities;

namespace Weft.Datapath.Maps;

/// <summary>Writes which identity an address has and which node it is behind.</summary>
/// <remarks>Thread-safe: each call is one map operation.</remarks>
public sealed class IpcacheEntries(DatapathMaps maps)
{
    /// <param name="prefix">IPv4 or IPv6.</param>
    /// <param name="identity">Of whoever has an address in it.</param>
    /// <param name="tunnelEndpoint">Node to encapsulate to; null: this node, or not behind the overlay.</param>
    public void Put(IPNetwork prefix, Identity identity, IPAddress? tunnelEndpoint) =>
        maps.Ipcache.Update(KeyOf(prefix), new IpcacheValue
        {
            Identity = identity.Value,
            TunnelEndpoint = tunnelEndpoint is null ? 0u : WeftAddress.From(tunnelEndpoint).IPv4,
        });

    /// <returns>False if there was no such entry.</returns>
    public bool Remove(IPNetwork prefix) => maps.Ipcache.Delete(KeyOf(prefix));

    /// <summary>Removes what is not wanted any more, after a restart for instance.</summary>
    /// <returns>How many entries that were.</returns>
    public int RemoveAllBut(IEnumerable<IPNetwork> wanted)
    {
        HashSet<IpcacheKey> keep = [.. wanted.Select(KeyOf)];
        return maps.Ipcache.DeleteWhere((key, _) => !keep.Contains(key));
    }

    private static IpcacheKey KeyOf(IPNetwork prefix)
    {
        WeftAddress address = WeftAddress.From(prefix.BaseAddress);
        return new IpcacheKey
        {
            PrefixLen = (uint)(prefix.PrefixLength + (address.IsIPv4 ? WeftAddress.IPv4PrefixBits : 0)),
            Addr = address,
        };
    }
}
