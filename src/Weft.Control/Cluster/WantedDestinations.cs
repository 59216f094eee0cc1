using System.Net;
using Weft.Abi;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Control.Cluster;

/// <summary>Makes the whole of what the ipcache is to say, but for this node's own pods, whose entries come and go with them.</summary>
/// <remarks>
/// What this node knows of itself goes before what nodes say of themselves, and that before records of single addresses, so that no
/// record of the store puts somebody else in the place of a node. Flags are added to whatever entry has the prefix.
/// </remarks>
public static class WantedDestinations
{
    private static readonly IPNetwork[] s_world = [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)];

    /// <param name="local">This node.</param>
    /// <param name="nativeCidrs">Ranges of the world that pods reach with their own addresses.</param>
    /// <param name="nodes">The others.</param>
    /// <param name="addresses">What is behind them.</param>
    /// <param name="serviceAddresses">Addresses that some service has.</param>
    /// <param name="policyPrefixes">Prefixes of the world that policies tell from the rest of it.</param>
    public static Dictionary<IPNetwork, Destination> Of(
        LocalNode local, IEnumerable<IPNetwork> nativeCidrs, IEnumerable<NodeRecord> nodes, IEnumerable<AddressRecord> addresses,
        IEnumerable<IPAddress> serviceAddresses, IReadOnlyDictionary<IPNetwork, Identity> policyPrefixes)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(nativeCidrs);
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(serviceAddresses);
        Dictionary<IPNetwork, Destination> wanted = s_world.ToDictionary(prefix => prefix, _ => new Destination(Identity.World, null));
        foreach (IPAddress address in local.Addresses.Concat(local.Routers))
        {
            wanted[address.AsPrefix()] = new Destination(Identity.Host, null);
        }

        foreach (NodeRecord node in nodes.Where(node => node.TunnelEndpoint is not null))
        {
            foreach (IPAddress address in node.Addresses.Concat(node.Routers))
            {
                wanted.TryAdd(address.AsPrefix(), new Destination(Identity.RemoteNode, node.TunnelEndpoint));
            }
        }

        foreach (AddressRecord record in addresses)
        {
            wanted.TryAdd(record.Prefix, new Destination(record.Identity, record.NodeAddress));
        }

        AddNative(wanted, nativeCidrs);
        AddPolicy(wanted, local, policyPrefixes);
        foreach (IPAddress address in serviceAddresses)
        {
            AddService(wanted, local, address);
        }

        return wanted;
    }

    private static void AddNative(Dictionary<IPNetwork, Destination> wanted, IEnumerable<IPNetwork> nativeCidrs)
    {
        foreach (IPNetwork prefix in nativeCidrs)
        {
            Destination there = wanted.GetValueOrDefault(prefix) ?? new Destination(Identity.World, null);
            wanted[prefix] = there with { Flags = there.Flags | IpcacheFlags.Native };
        }
    }

    // Only what is the world's is told apart. The longest prefix is all that the datapath looks at, so it has to say what those around it
    // say too.
    private static void AddPolicy(
        Dictionary<IPNetwork, Destination> wanted, LocalNode local, IReadOnlyDictionary<IPNetwork, Identity> policyPrefixes)
    {
        Dictionary<IPNetwork, Destination> finer = [];
        foreach ((IPNetwork prefix, Destination there) in wanted.Where(entry => entry.Value.Identity == Identity.World))
        {
            if (LongestMatch(policyPrefixes, prefix) is var identity && identity != Identity.Unknown)
            {
                finer[prefix] = there with { Identity = identity };
            }
        }

        foreach ((IPNetwork prefix, Identity identity) in policyPrefixes.Where(policy => !wanted.ContainsKey(policy.Key)))
        {
            bool isPods = prefix == prefix.BaseAddress.AsPrefix() && local.IsPodAddress(prefix.BaseAddress);
            if (!isPods && LongestMatch(wanted, prefix) is { } around && around.Identity == Identity.World)
            {
                finer[prefix] = around with { Identity = identity };
            }
        }

        foreach ((IPNetwork prefix, Destination destination) in finer)
        {
            wanted[prefix] = destination;
        }
    }

    // A single address is all that the datapath looks at, so it has to say everything that the prefix around it says too. In a
    // range of this node's pods an address is a pod's or nobody's.
    private static void AddService(Dictionary<IPNetwork, Destination> wanted, LocalNode local, IPAddress address)
    {
        IPNetwork single = address.AsPrefix();
        if (!wanted.ContainsKey(single) && local.IsPodAddress(address))
        {
            return;
        }

        Destination there = LongestMatch(wanted, single)!;
        wanted[single] = there with { Flags = there.Flags | IpcacheFlags.Service };
    }

    // One look for each length that a prefix can have: a cluster has more addresses than that.
    private static T? LongestMatch<T>(IReadOnlyDictionary<IPNetwork, T> entries, IPNetwork prefix)
    {
        for (int length = prefix.PrefixLength; length >= 0; length--)
        {
            if (entries.TryGetValue(prefix.BaseAddress.Within(length), out T? there))
            {
                return there;
            }
        }

        return default;
    }
}
