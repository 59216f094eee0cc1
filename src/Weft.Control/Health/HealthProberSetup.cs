namespace Weft.Control.Health;

/// <summary>What a prober probes, how and how often.</summary>
internal sealed record HealthProberSetup
{
    /// <summary>The nodes as they are known now, this one first.</summary>
    public required Func<IReadOnlyList<ProbedNode>> Nodes { get; init; }

    public required HealthProber.Probe Icmp { get; init; }

    public required HealthProber.Probe Http { get; init; }

    /// <summary>Between rounds; null: as the size of the cluster asks for.</summary>
    public TimeSpan? Interval { get; init; }
}
