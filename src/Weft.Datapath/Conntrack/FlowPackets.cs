using Weft.Abi;

namespace Weft.Datapath.Conntrack;

/// <summary>Packets of the flows of a filter, as the datapath has counted them at one time.</summary>
public sealed class FlowPackets
{
    private readonly Dictionary<ConntrackKey, ulong> _packets;

    internal FlowPackets(Dictionary<ConntrackKey, ulong> packets) => _packets = packets;

    /// <summary>How many came since an earlier count, each once; those of entries that were collected meanwhile are not known.</summary>
    public ulong Since(FlowPackets earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ulong sum = 0;
        HashSet<ConntrackKey> counted = [];
        foreach ((ConntrackKey key, ulong _) in _packets)
        {
            // Between two pods of this node each packet is in both entries.
            ConntrackKey mirrored = key with { Local = key.Remote, Remote = key.Local, LocalPort = key.RemotePort, RemotePort = key.LocalPort };
            if (counted.Add(key) && counted.Add(mirrored))
            {
                sum += Math.Max(NewOf(key, earlier), NewOf(mirrored, earlier));
            }
        }

        return sum;
    }

    private ulong NewOf(ConntrackKey key, FlowPackets earlier)
    {
        ulong now = _packets.GetValueOrDefault(key);
        ulong then = earlier._packets.GetValueOrDefault(key);
        // An entry that has begun anew counts from its beginning.
        return now >= then ? now - then : now;
    }
}
