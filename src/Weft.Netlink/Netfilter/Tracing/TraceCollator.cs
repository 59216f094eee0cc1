namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>Tells which steps are of packets that one <see cref="TraceTable"/> traces, and numbers these packets.</summary>
/// <remarks>
/// The kernel makes a packet's identifier from where it lies in memory, so the next packet may have it again, and all listeners hear of
/// all traced packets. The table's own rule is the first step of each packet that is of its flow. Not thread-safe.
/// </remarks>
/// <param name="table">Name of the table.</param>
public sealed class TraceCollator(string table)
{
    private const int MaxPackets = 4096;
    private readonly Dictionary<uint, Known> _packets = [];
    private readonly Queue<uint> _order = new();

    /// <summary>Packets so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a packet begins with this step: the rule that turned its tracing on, which is none of the node's.</summary>
    public bool IsBeginning(TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return IsOwn(step) && step.Type == TraceStepType.Rule;
    }

    /// <returns>Number of the packet from 1; null for a step that is not to be shown: of another's packet, or in the table of a trace.</returns>
    public long? Add(TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (IsOwn(step))
        {
            AddOwn(step);
            return IsBeginning(step) ? Count : null;
        }

        return !step.Table.StartsWith(TraceTable.NamePrefix, StringComparison.Ordinal) && _packets.TryGetValue(step.Id, out Known known)
            ? known.Number
            : null;
    }

    private bool IsOwn(TraceStep step) => step.Family == NetfilterFamily.Inet && step.Table == table;

    private void AddOwn(TraceStep step)
    {
        if (step.Type == TraceStepType.Rule)
        {
            Remember(step.Id, new Known(++Count, InOwnChain: true));
        }
        else if (_packets.TryGetValue(step.Id, out Known known) && known.InOwnChain)
        {
            _packets[step.Id] = known with { InOwnChain = false };
        }
        else
        {
            // Somebody else traces a packet that came through here and fits nothing.
            _packets.Remove(step.Id);
        }
    }

    private void Remember(uint id, Known known)
    {
        if (!_packets.ContainsKey(id))
        {
            _order.Enqueue(id);
            if (_order.Count > MaxPackets)
            {
                _packets.Remove(_order.Dequeue());
            }
        }

        _packets[id] = known;
    }

    private readonly record struct Known(long Number, bool InOwnChain);
}
