using Weft.Abi;
using Weft.Packets;

namespace Datapath.Harness;

/// <summary>Conntrack as the design page tells it, written to be read, not to be fast; the datapath is held against it.</summary>
/// <remarks>Time is passed in, so that the model can be asked about a future that the kernel's clock has not reached.</remarks>
internal sealed class ConntrackModel
{
    private const TcpFlags Closing = TcpFlags.Fin | TcpFlags.Rst;

    private readonly Dictionary<ConntrackKey, Entry> _entries = [];

    public IReadOnlyDictionary<ConntrackKey, Entry> Entries => _entries;

    /// <param name="flags">Null: not TCP.</param>
    public ConntrackState Packet(ConntrackKey key, bool leaves, TcpFlags? flags, int length, uint now)
    {
        Entry? entry = _entries.GetValueOrDefault(key);
        if (entry is null || entry.Expires < now)
        {
            return Begin(key, leaves, flags, length, now, ConntrackState.New);
        }

        bool opens = flags is { } set && set.HasFlag(TcpFlags.Syn) && !set.HasFlag(TcpFlags.Ack);
        if (opens && (entry.LocalClosed || entry.RemoteClosed))
        {
            return Begin(key, leaves, flags, length, now, ConntrackState.Reopened);
        }

        Track(entry, leaves, flags, length, now);
        return entry.LocalBegan == leaves ? ConntrackState.Established : ConntrackState.Reply;
    }

    /// <summary>Lets time pass for every flow.</summary>
    public void Age(uint seconds)
    {
        foreach (Entry entry in _entries.Values)
        {
            entry.Expires -= seconds;
        }
    }

    private ConntrackState Begin(ConntrackKey key, bool leaves, TcpFlags? flags, int length, uint now, ConntrackState state)
    {
        Entry entry = new() { LocalBegan = leaves };
        _entries[key] = entry;
        Track(entry, leaves, flags, length, now);
        return state;
    }

    private static void Track(Entry entry, bool leaves, TcpFlags? flags, int length, uint now)
    {
        entry.Count(leaves, length);
        if (flags is not { } set)
        {
            entry.Expires = now + (uint)ConntrackTimeout.Any;
            return;
        }

        entry.See(leaves, set);
        entry.PastHandshakeStart |= set != 0 && !set.HasFlag(TcpFlags.Syn);
        if ((set & Closing) != 0)
        {
            bool bothSpoke = entry.LocalFlags.HasFlag(TcpFlags.Syn) && entry.RemoteFlags.HasFlag(TcpFlags.Syn);
            bool endsBoth = set.HasFlag(TcpFlags.Rst) && !bothSpoke;
            entry.LocalClosed |= endsBoth || leaves;
            entry.RemoteClosed |= endsBoth || !leaves;
        }

        if (!entry.LocalClosed || !entry.RemoteClosed)
        {
            entry.Expires = now + (uint)(entry.PastHandshakeStart ? ConntrackTimeout.Tcp : ConntrackTimeout.Syn);
        }
        else if ((set & Closing) != 0)
        {
            entry.Expires = now + (uint)ConntrackTimeout.Close;
        }
    }

    internal sealed class Entry
    {
        public bool LocalBegan { get; init; }

        public uint Expires { get; set; }

        public bool LocalClosed { get; set; }

        public bool RemoteClosed { get; set; }

        public bool PastHandshakeStart { get; set; }

        public TcpFlags LocalFlags { get; private set; }

        public TcpFlags RemoteFlags { get; private set; }

        public ulong SentPackets { get; private set; }

        public ulong SentBytes { get; private set; }

        public ulong ReceivedPackets { get; private set; }

        public ulong ReceivedBytes { get; private set; }

        public void Count(bool leaves, int length)
        {
            SentPackets += leaves ? 1u : 0;
            SentBytes += leaves ? (ulong)length : 0;
            ReceivedPackets += leaves ? 0 : 1u;
            ReceivedBytes += leaves ? 0 : (ulong)length;
        }

        public void See(bool leaves, TcpFlags flags)
        {
            LocalFlags |= leaves ? flags : 0;
            RemoteFlags |= leaves ? 0 : flags;
        }
    }
}
