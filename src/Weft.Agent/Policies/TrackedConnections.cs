using System.Net;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Model.Addressing;
using Weft.Policy.Documents;

namespace Weft.Agent.Policies;

/// <summary>Reads what connection tracking has of endpoints' connections.</summary>
internal static class TrackedConnections
{
    private const ushort EchoRequest = 8;
    private const ushort EchoRequest6 = 128;

    /// <summary>Those that have not expired, in the order of their addresses.</summary>
    public static IReadOnlyList<TrackedConnection> Read(DatapathMaps maps, TimeProvider clock)
    {
        // CLOCK_MONOTONIC, as the datapath's times are.
        uint now = (uint)(clock.GetTimestamp() / clock.TimestampFrequency);
        HashSet<(IPEndPoint Source, IPEndPoint Destination, byte Protocol)> seen = [];
        foreach (BpfMap<ConntrackKey, ConntrackValue> table in (BpfMap<ConntrackKey, ConntrackValue>[])[maps.ConntrackTcp, maps.ConntrackAny])
        {
            foreach ((ConntrackKey key, ConntrackValue value) in table.Entries())
            {
                // Between two pods of this node both ends have an entry.
                if (key.Scope == ConntrackScope.Endpoint && value.Expires >= now)
                {
                    IPEndPoint local = new(key.Local.ToIPAddress(), key.LocalPort.Value);
                    IPEndPoint remote = new(key.Remote.ToIPAddress(), key.RemotePort.Value);
                    bool localBegan = (value.Flags & ConntrackFlags.LocalBegan) != 0;
                    seen.Add(localBegan ? (local, remote, key.Proto) : (remote, local, key.Proto));
                }
            }
        }

        return
        [
            .. seen.GroupBy(flow => (Source: flow.Source.Address, Destination: flow.Destination.Address, flow.Protocol, Port: PortOf(flow)))
                .Select(group => new TrackedConnection(group.Key.Source, group.Key.Destination, group.Key.Protocol, group.Key.Port, group.Count()))
                .OrderBy(flow => flow.Source.ToString(), StringComparer.Ordinal).ThenBy(flow => flow.Destination.ToString(), StringComparer.Ordinal)
                .ThenBy(flow => flow.Protocol).ThenBy(flow => flow.Port),
        ];
    }

    private static ushort PortOf((IPEndPoint Source, IPEndPoint Destination, byte Protocol) flow) =>
        !Protocols.IsIcmp(flow.Protocol) ? (ushort)flow.Destination.Port : flow.Destination.Address.IsIPv6() ? EchoRequest6 : EchoRequest;
}
