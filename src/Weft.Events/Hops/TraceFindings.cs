using System.Collections.Immutable;
using System.Net;

namespace Weft.Events.Hops;

/// <summary>All that is known of a traced packet and its reply.</summary>
public sealed record TraceFindings
{
    /// <summary>Of the traced packet, its answer, and errors about either; others of the flow too.</summary>
    public required IReadOnlyList<PacketWay> Ways { get; init; }

    /// <summary>What the sender was told: <c>answered</c>, <c>refused</c>, <c>unreachable</c>, <c>silent</c>, <c>not-sent</c>; null: nobody sent on our behalf.</summary>
    public string? SenderOutcome { get; init; }

    /// <summary>In the sender's kernel's words.</summary>
    public string? SenderDetail { get; init; }

    /// <summary>Names of nodes by their addresses on the underlay.</summary>
    public ImmutableDictionary<IPAddress, string> Nodes { get; init; } = ImmutableDictionary<IPAddress, string>.Empty;

    /// <summary>Names of nodes by the addresses of the pods that their agents have.</summary>
    public ImmutableDictionary<IPAddress, string> Pods { get; init; } = ImmutableDictionary<IPAddress, string>.Empty;

    /// <summary>Nodes that were asked and did not answer, with what went wrong.</summary>
    public ImmutableSortedDictionary<string, string> Silent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Nodes whose hops are known.</summary>
    public ImmutableSortedSet<string> Traced { get; init; } = [];

    /// <summary>Records that were lost: what was not seen may have happened.</summary>
    public ulong Lost { get; init; }

    /// <summary>The packet that the trace is about; null: none was seen.</summary>
    public PacketWay? Request => Ways.FirstOrDefault(way => way.Direction == WayDirection.Request);

    /// <summary>The first answer; null: none was seen.</summary>
    public PacketWay? Reply => Ways.FirstOrDefault(way => way.Direction == WayDirection.Reply);

    /// <summary>An ICMP error about the request; null: none was seen.</summary>
    public PacketWay? Error => Ways.FirstOrDefault(way => way.Direction == WayDirection.ErrorAboutRequest);
}
