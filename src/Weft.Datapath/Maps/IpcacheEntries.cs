using System.Net;
using Weft.Abi;
using Weft.Model.Identities;

namespace Weft.Datapath.Maps;

/// <summary>Writes which identity an address has and which node it is behind.</summary>
/// <remarks>
/// Thread-safe. A single address is in two maps; the programs ask the second one where the first has nothing, so no packet finds less
/// than there was before a change or is after it.
/// </remarks>
public sealed class IpcacheEntries(DatapathMaps maps)
{
    private const uint AllBits = WeftAddress.Size * 8;

    /// <param name="prefix">IPv4 or IPv6.</param>
    /// <param name="identity">Of whoever has an address in it.</param>
    /// <param name="tunnelEndpoint">Node to encapsulate to; null: this node, or not behind the overlay.</param>
    /// <param name="flags">What else the datapath is to know.</param>
    public void Put(IPNetwork prefix, Identity identity, IPAddress? tunnelEndpoint, IpcacheFlags flags = IpcacheFlags.None)
    {
        IpcacheKey key = KeyOf(prefix);
        IpcacheValue value = new()
        {
            Identity = identity.Value,
            TunnelEndpoint = tunnelEndpoint is null ? 0u : WeftAddress.From(tunnelEndpoint).IPv4,
            Flags = flags,
        };
        maps.Ipcache.Update(key, value);
        if (IsSingle(key))
        {
            maps.IpcacheSingle.Update(key.Addr, value);
        }
    }

    /// <returns>False if there was no such entry.</returns>
    public bool Remove(IPNetwork prefix)
    {
        IpcacheKey key = KeyOf(prefix);
        if (IsSingle(key))
        {
            maps.IpcacheSingle.Delete(key.Addr);
        }

        return maps.Ipcache.Delete(key);
    }

    /// <summary>Removes the entries that a condition names.</summary>
    /// <returns>How many that were.</returns>
    public int RemoveWhere(Func<IPNetwork, bool> condition)
    {
        maps.IpcacheSingle.DeleteWhere((address, _) => condition(PrefixOf(new IpcacheKey { PrefixLen = AllBits, Addr = address })));
        return maps.Ipcache.DeleteWhere((key, _) => condition(PrefixOf(key)));
    }

    private static bool IsSingle(in IpcacheKey key) => key.PrefixLen == AllBits;

    private static IPNetwork PrefixOf(in IpcacheKey key)
    {
        bool isIPv4 = key.Addr.IsIPv4 && key.PrefixLen >= WeftAddress.IPv4PrefixBits;
        IPAddress address = isIPv4 ? key.Addr.ToIPAddress() : new IPAddress(BytesOf(key.Addr));
        return new IPNetwork(address, (int)key.PrefixLen - (isIPv4 ? WeftAddress.IPv4PrefixBits : 0));
    }

    private static byte[] BytesOf(WeftAddress address)
    {
        byte[] bytes = new byte[WeftAddress.Size];
        address.CopyTo(bytes);
        return bytes;
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
