using Weft.Abi;

namespace Datapath.Harness;

/// <summary>Translation as the design page tells it: who has which port towards which remote. Written to be read, not to be fast.</summary>
internal sealed class NatModel
{
    /// <summary>Idle time of all flows of these tests: none gets past its first packets.</summary>
    public const uint Timeout = 60;

    private readonly Dictionary<(Remote To, ushort Port), (Source Owner, uint Expires)> _ports = [];

    /// <summary>What is wrong about the port that a packet left with; null: nothing.</summary>
    public string? Sent(Source from, Remote to, ushort port, uint now)
    {
        ushort? had = PortOf(from, to, now);
        bool taken = OwnerOf(to, from.Port, now) is { } owner && owner != from;
        ushort? expected = had ?? (from.Port >= 32768 && !taken ? from.Port : null);
        if (expected is { } own && own != port)
        {
            return $"left with port {port}, expected {own}";
        }

        if (port < 32768 || (OwnerOf(to, port, now) is { } other && other != from))
        {
            return $"left with port {port}, which is not to be given";
        }

        _ports[(to, port)] = (from, now + Timeout);
        return null;
    }

    /// <summary>Whose answer a packet to this port is; null: nobody's.</summary>
    public Source? Received(Remote from, ushort port, uint now)
    {
        if (OwnerOf(from, port, now) is not { } owner)
        {
            return null;
        }

        // The node's own flows are not tracked: only what it sends keeps its ports.
        if (!owner.IsNode)
        {
            _ports[(from, port)] = (owner, now + Timeout);
        }

        return owner;
    }

    public void Age(uint seconds)
    {
        foreach (((Remote, ushort) key, (Source owner, uint expires)) in _ports.ToArray())
        {
            _ports[key] = (owner, expires - seconds);
        }
    }

    private ushort? PortOf(Source source, Remote to, uint now) => _ports
        .Where(entry => entry.Key.To == to && entry.Value.Owner == source && entry.Value.Expires >= now)
        .Select(entry => (ushort?)entry.Key.Port).SingleOrDefault();

    private Source? OwnerOf(Remote to, ushort port, uint now) =>
        _ports.TryGetValue((to, port), out (Source Owner, uint Expires) entry) && entry.Expires >= now ? entry.Owner : null;

    internal sealed record Source(WeftAddress Address, ushort Port, bool IsNode);

    internal sealed record Remote(WeftAddress Address, ushort Port, Carried Carried);
}
