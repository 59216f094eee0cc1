using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>How far the clocks of nodes are apart, by what request and reply allow: nothing arrives before it was sent.</summary>
public sealed class ClockAlignment
{
    private readonly Dictionary<string, long> _offsets;

    private ClockAlignment(Dictionary<string, long> offsets, TimeSpan uncertainty)
    {
        _offsets = offsets;
        Uncertainty = uncertainty;
    }

    /// <summary>Half of the time between the bounds, of the worst node; zero: all nodes have one clock.</summary>
    public TimeSpan Uncertainty { get; }

    /// <summary>The time on the first node's clock, in nanoseconds.</summary>
    public long Align(Sighting seen) => (long)seen.Time - _offsets.GetValueOrDefault(seen.Node);

    /// <summary>Whether both nodes have the first node's clock, as those of one kernel have.</summary>
    public bool IsOneClock(string node, string other) => !_offsets.ContainsKey(node) && !_offsets.ContainsKey(other);

    /// <param name="bootIds">By node: equal ones have one clock.</param>
    public static ClockAlignment Of(IReadOnlyCollection<Sighting> sightings, IReadOnlyDictionary<string, string> bootIds)
    {
        Dictionary<string, long> offsets = [];
        TimeSpan worst = TimeSpan.Zero;
        string? first = sightings.Where(seen => seen.Skb != 0).MinBy(seen => seen.Time)?.Node;
        foreach (string node in sightings.Select(seen => seen.Node).Distinct().Where(node => node != first))
        {
            if (first is null || (bootIds.GetValueOrDefault(node) is { Length: > 0 } boot && boot == bootIds.GetValueOrDefault(first)))
            {
                continue;
            }

            (long? most, long? least) = (Closest(sightings, first, node), -Closest(sightings, node, first));
            offsets[node] = (most, least) switch
            {
                ({ } above, { } below) => below + ((above - below) / 2),
                ({ } above, null) => above,
                (null, { } below) => below,
                _ => 0,
            };
            TimeSpan uncertainty = most is { } high && least is { } low ? TimeSpan.FromTicks(Math.Abs(high - low) / 200) : TimeSpan.MaxValue;
            worst = uncertainty > worst ? uncertainty : worst;
        }

        return new ClockAlignment(offsets, worst);
    }

    /// <summary>Shortest apparent time from sending on one node to receiving on another, each on its own clock; null: nothing crossed.</summary>
    private static long? Closest(IReadOnlyCollection<Sighting> sightings, string from, string to)
    {
        Dictionary<PacketIdentity, ulong> sent = [];
        long? shortest = null;
        foreach (Sighting seen in sightings.Where(seen => seen.Point == HopPoint.Transmit && seen.Node == from))
        {
            if (PacketIdentity.Of(seen) is { } identity)
            {
                sent[identity] = Math.Max(seen.Time, sent.GetValueOrDefault(identity));
            }
        }

        HashSet<PacketIdentity> received = [];
        foreach (Sighting seen in sightings.Where(seen => seen.Point == HopPoint.Receive && seen.Node == to).OrderBy(seen => seen.Time))
        {
            if (PacketIdentity.Of(seen) is { } identity && received.Add(identity) && sent.TryGetValue(identity, out ulong time))
            {
                long apart = (long)seen.Time - (long)time;
                shortest = shortest is { } known && known < apart ? known : apart;
            }
        }

        return shortest;
    }
}
