using Weft.Abi;

namespace Weft.Datapath.Tracing;

/// <summary>Which packets a tracer follows, and what it tells of them.</summary>
public sealed record HopTracerOptions
{
    /// <summary>Packets of this protocol from here are followed, with all of their flow; null: none are by this.</summary>
    public HopSource? Source { get; init; }

    /// <summary>Packets that this program accepts are followed too. Offset 0 is the Ethernet header, of the inner packet or of the outer.</summary>
    public IReadOnlyList<HopCode> Code { get; init; } = [];

    /// <summary>Points to tell of; none: all that are tracepoints. <see cref="HopPoint.Deliver"/> is by <see cref="Code"/> alone.</summary>
    public IReadOnlyCollection<HopPoint> Points { get; init; } = [];

    /// <summary>Points to tell the kernel's stack of.</summary>
    public IReadOnlyCollection<HopPoint> Stacks { get; init; } = [];

    /// <summary>Inodes of the network namespaces to look at; null: all of the machine.</summary>
    public IReadOnlyCollection<ulong>? Namespaces { get; init; }

    /// <summary>UDP destination port of the overlay.</summary>
    public required ushort TunnelPort { get; init; }

    /// <summary>Follow also the rest of the flows of which <see cref="Code"/> accepts a packet, in both directions and as they are translated.</summary>
    public bool WholeFlows { get; init; }

    public uint Mark { get; init; }

    /// <summary>0: any mark.</summary>
    public uint MarkMask { get; init; }

    /// <summary>Names of the only devices to tell of; none: any.</summary>
    public IReadOnlyCollection<string> Devices { get; init; } = [];

    /// <summary>Inode of the only network namespace to tell of; 0: all that are looked at.</summary>
    public ulong OnlyNamespace { get; init; }

    /// <summary>Most bytes to tell of a packet.</summary>
    public int SnapLength { get; init; } = HopEvent.HeadersLength;

    /// <summary>A packet that was met once is followed by its address until it is freed, whatever becomes of its headers, and wherever it goes.</summary>
    public bool Track { get; init; }
}

