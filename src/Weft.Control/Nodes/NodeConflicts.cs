using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Nodes;

namespace Weft.Control.Nodes;

/// <summary>Finds what two nodes may not both have. Packets to a range of two nodes would go to either.</summary>
internal static class NodeConflicts
{
    /// <summary>Faults of one record by itself: what an agent was started with.</summary>
    public static IEnumerable<string> Within(NodeRecord node)
    {
        if (node.Addresses.IsEmpty)
        {
            yield return "it has no underlay address";
        }
        for (int i = 0; i < node.PodCidrs.Length; i++)
        {
            foreach (PodCidr other in node.PodCidrs.Skip(i + 1).Where(node.PodCidrs[i].Overlaps))
            {
                yield return $"its pod CIDRs {node.PodCidrs[i]} and {other} overlap";
            }
            foreach (IPAddress address in node.Addresses.Where(node.PodCidrs[i].Contains))
            {
                yield return $"its underlay address {address} is inside its pod CIDR {node.PodCidrs[i]}";
            }
        }
        foreach (IPAddress router in node.Routers.Where(r => !node.PodCidrs.Any(c => c.Contains(r))))
        {
            yield return $"its router address {router} is in none of its pod CIDRs";
        }
    }

    /// <summary>What of <paramref name="own"/> the other node has already.</summary>
    public static IEnumerable<string> Between(NodeRecord own, NodeRecord other)
    {
        if (own.Name == other.Name)
        {
            yield break;
        }
        foreach (IPAddress address in own.Addresses.Where(a => other.Addresses.Contains(a)))
        {
            yield return $"underlay address {address} is that of node {other.Name} (give this node its own --node-ip)";
        }
        foreach (PodCidr cidr in own.PodCidrs)
        {
            foreach (PodCidr theirs in other.PodCidrs.Where(cidr.Overlaps))
            {
                yield return $"pod CIDR {cidr} overlaps {theirs} of node {other.Name} (give this node another --pod-cidr)";
            }
            foreach (IPAddress address in other.Addresses.Where(cidr.Contains))
            {
                yield return $"pod CIDR {cidr} contains underlay address {address} of node {other.Name} (give this node another --pod-cidr)";
            }
        }
        foreach (IPAddress address in own.Addresses)
        {
            foreach (PodCidr theirs in other.PodCidrs.Where(c => c.Contains(address)))
            {
                yield return $"underlay address {address} is inside pod CIDR {theirs} of node {other.Name}";
            }
        }
    }
}
