using System.Net;
using Weft.Abi;
using Weft.Model.Identities;

namespace Weft.Datapath.Maps;

/// <summary>Writes whose overlay packets are accepted.</summary>
/// <remarks>Thread-safe: each call is one map operation.</remarks>
public sealed class NodeEntries(DatapathMaps maps)
{
    /// <param name="address">On the underlay.</param>
    /// <param name="identity">Remote node, or host for this node.</param>
    public void Put(IPAddress address, Identity identity) =>
        maps.Nodes.Update(WeftAddress.From(address), new NodeValue { Identity = identity.Value });

    /// <returns>False if there was no such entry.</returns>
    public bool Remove(IPAddress address) => maps.Nodes.Delete(WeftAddress.From(address));

    /// <summary>Removes the nodes that are none any more.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveAllBut(IEnumerable<IPAddress> wanted)
    {
        HashSet<WeftAddress> keep = [.. wanted.Select(WeftAddress.From)];
        return maps.Nodes.DeleteWhere((address, _) => !keep.Contains(address));
    }
}
