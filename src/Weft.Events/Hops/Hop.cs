namespace Weft.Events.Hops;

/// <summary>One place on a packet's way.</summary>
public sealed record Hop
{
    /// <summary>Nanoseconds since the first hop of the trace, on one clock.</summary>
    public required long Time { get; init; }

    /// <summary>What was seen here; of a device's sending or receiving the last of several tracepoints.</summary>
    public required Sighting Seen { get; init; }

    public required HopKind Kind { get; init; }

    /// <summary>The program of the datapath, or the function of the kernel; null: a device.</summary>
    public string? Function { get; init; }

    /// <summary>A pod's name; empty: the node's own namespace; null: not known.</summary>
    public string? Namespace { get; init; }

    /// <summary>Since the hop before.</summary>
    public IReadOnlyList<FactsDelta> Delta { get; init; } = [];

    /// <summary>Whether the packet ends here, unwanted.</summary>
    public bool IsDrop => Kind is HopKind.KernelDrop or HopKind.ProgramDrop or HopKind.NotSent;
}
