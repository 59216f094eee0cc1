using System.Net;
using Weft.Abi;
using Weft.Control.Cluster;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Control.Tests.Cluster;

/// <summary>
/// Asks for single addresses, as the datapath does, and compares with an answer made without prefixes: who of all that are named
/// covers the address closest, and who of those speaks with most right.
/// </summary>
public sealed class WantedDestinationsOracleTests
{
    private static readonly string[] s_addresses =
    [
        "192.168.2.61", "192.168.2.62", "10.0.1.1", "10.0.1.9", "10.0.2.1", "10.0.2.5", "10.0.3.5", "172.16.0.1", "8.8.8.8",
        "fd00:c0a8:2::61", "fd00:c0a8:2::62", "fd00:10:0:1::1", "fd00:10:0:1::9", "fd00:10:0:2::5", "2001:db8::1", "::1",
    ];

    private static readonly string[] s_prefixes =
        ["0.0.0.0/0", "10.0.0.0/8", "10.0.2.0/24", "172.16.0.0/12", "172.16.0.1/32", "::/0", "fd00::/8", "fd00:10:0:2::/64"];

    [Fact]
    public void Every_address_gets_what_the_oracle_says()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int round = 0; round < 500; round++)
        {
            LocalNode local = random.Next(3) == 0
                ? ClusterSample.Bpf1 with { Address6 = null, PodCidr6 = null, Router6 = null }
                : ClusterSample.Bpf1;
            IPNetwork[] native = [.. Some(random, s_prefixes).Select(IPNetwork.Parse)];
            NodeRecord[] nodes = [.. Enumerable.Range(0, random.Next(3)).Select(i => ClusterSample.Node(
                $"n{i}", string.Join(',', Some(random, s_addresses)), "", string.Join(',', Some(random, s_addresses))))];
            AddressRecord[] records = [.. Some(random, s_prefixes).Concat(Some(random, s_addresses).Select(Single))
                .Select((prefix, i) => ClusterSample.Pod(prefix, identity: 4000 + (uint)i))];
            IPAddress[] services = [.. Some(random, s_addresses).Select(IPAddress.Parse)];

            Dictionary<IPNetwork, Identity> policies = Some(random, s_prefixes).Concat(Some(random, s_addresses).Select(Single))
                .Select(IPNetwork.Parse).Distinct().Select((prefix, i) => (prefix, i))
                .ToDictionary(entry => entry.prefix, entry => new Identity(0x0100_0001 + (uint)entry.i));

            Dictionary<IPNetwork, Destination> wanted = WantedDestinations.Of(local, native, nodes, records, services, policies);

            foreach (IPAddress address in s_addresses.Select(IPAddress.Parse))
            {
                Destination expected = Oracle(local, native, nodes, records, services, policies, address);
                Destination actual = LongestMatch(wanted, address);
                Assert.True(expected == actual, $"seed {seed}, round {round}, {address}: expected {expected}, was {actual}");
            }
        }
    }

    private static Destination Oracle(
        LocalNode local, IPNetwork[] native, NodeRecord[] nodes, AddressRecord[] records, IPAddress[] services,
        Dictionary<IPNetwork, Identity> policies, IPAddress address)
    {
        List<(int Length, int Right, Destination Says)> all = [(0, 0, new Destination(Identity.World, null))];
        bool isNodes = local.Addresses.Concat(local.Routers).Contains(address);
        if (isNodes)
        {
            all.Add((999, 0, new Destination(Identity.Host, null)));
        }

        foreach (NodeRecord node in nodes.Where(node => node.TunnelEndpoint is not null && node.Addresses.Concat(node.Routers).Contains(address)))
        {
            all.Add((999, 1, new Destination(Identity.RemoteNode, node.TunnelEndpoint)));
        }

        foreach (AddressRecord record in records.Where(record => Covers(record.Prefix, address)))
        {
            int length = record.Prefix.PrefixLength == Bits(address).Length ? 999 : record.Prefix.PrefixLength;
            all.Add((length, 2, new Destination(record.Identity, record.NodeAddress)));
        }

        foreach (IPNetwork range in native.Where(range => Covers(range, address)))
        {
            int length = range.PrefixLength == Bits(address).Length ? 999 : range.PrefixLength;
            all.Add((length, 3, new Destination(Identity.World, null, IpcacheFlags.Native)));
        }

        int longest = all.Max(said => said.Length);
        (int Length, int Right, Destination Says)[] closest = [.. all.Where(said => said.Length == longest)];
        Destination answer = closest.MinBy(said => said.Right).Says;
        if (answer.Identity == Identity.World)
        {
            // Of a prefix that is one address of this node's pods nothing is said: it is a pod's, or nobody's.
            bool isPods = !closest.Any(said => said.Length == 999) && local.IsPodAddress(address);
            IPNetwork[] finer = [.. policies.Keys.Where(prefix => Covers(prefix, address) && !(isPods && prefix.PrefixLength == Bits(address).Length))
                .OrderByDescending(prefix => prefix.PrefixLength)];
            answer = finer is [IPNetwork narrowest, ..] ? answer with { Identity = policies[narrowest] } : answer;
        }

        IpcacheFlags flags = closest.Any(said => said.Right == 3) ? IpcacheFlags.Native : IpcacheFlags.None;
        bool isEntry = longest == 999;
        if (services.Contains(address) && (isEntry || !local.IsPodAddress(address)))
        {
            flags |= IpcacheFlags.Service;
        }

        return answer with { Flags = flags };
    }

    private static Destination LongestMatch(Dictionary<IPNetwork, Destination> wanted, IPAddress address) =>
        wanted.Where(entry => Covers(entry.Key, address)).MaxBy(entry => entry.Key.PrefixLength).Value;

    private static bool Covers(IPNetwork prefix, IPAddress address) =>
        prefix.BaseAddress.AddressFamily == address.AddressFamily
        && Bits(prefix.BaseAddress)[..prefix.PrefixLength] == Bits(address)[..prefix.PrefixLength];

    private static string Bits(IPAddress address) => string.Concat(address.GetAddressBytes().Select(part => $"{part:b8}"));

    private static string Single(string address) => $"{address}/{(address.Contains(':', StringComparison.Ordinal) ? 128 : 32)}";

    private static string[] Some(Random random, string[] from) => [.. from.Where(_ => random.Next(4) == 0)];
}
