using System.Net;
using Weft.Abi;

namespace Weft.Datapath.Conntrack;

/// <summary>Which flows are meant, whichever side of them an entry is seen from. Absent parts fit everything.</summary>
public sealed record FlowFilter
{
    /// <summary>IPPROTO_*.</summary>
    public byte? Protocol { get; init; }

    public IPNetwork? Source { get; init; }

    public IPNetwork? Destination { get; init; }

    public ushort? SourcePort { get; init; }

    public ushort? DestinationPort { get; init; }

    /// <summary>Also by the address that a client called instead of the backend.</summary>
    public bool Matches(in ConntrackKey key, in ConntrackValue value)
    {
        if (key.Scope != ConntrackScope.Endpoint || (Protocol is { } protocol && protocol != key.Proto))
        {
            return false;
        }

        End local = new(key.Local, key.LocalPort);
        End remote = new(key.Remote, key.RemotePort);
        if (Matches(local, remote))
        {
            return true;
        }

        End front = new(value.FrontAddr, value.FrontPort);
        return !value.FrontAddr.IsNone
            && ((value.Flags & ConntrackFlags.LocalBegan) != 0 ? Matches(local, front) : Matches(front, remote));
    }

    private bool Matches(End one, End other) => MatchesInOrder(one, other) || MatchesInOrder(other, one);

    private bool MatchesInOrder(End from, End to) =>
        Fits(Source, SourcePort, from) && Fits(Destination, DestinationPort, to);

    private static bool Fits(IPNetwork? network, ushort? port, End end) =>
        (port is null || port == end.Port) && (network is not { } wanted || wanted.Contains(end.Address.ToIPAddress()));

    private readonly record struct End(WeftAddress Address, ushort Port);
}
