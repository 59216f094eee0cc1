using System.Net;

namespace Weft.Control.Health;

/// <summary>The way to one address of a node. A probe that has not ended yet is null: unknown, which is not unreachable.</summary>
public sealed record PathHealth(IPAddress Address)
{
    public ProbeResult? Icmp { get; init; }

    public ProbeResult? Http { get; init; }
}
