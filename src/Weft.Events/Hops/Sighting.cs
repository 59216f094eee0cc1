using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>A packet was seen at a point: by the kernel's tracepoints or functions or by a program of the datapath.</summary>
public sealed record Sighting
{
    public required string Node { get; init; }

    /// <summary>Nanoseconds of the node's CLOCK_MONOTONIC.</summary>
    public required ulong Time { get; init; }

    /// <summary>Nanoseconds since 1970, by the node's clock.</summary>
    public ulong UnixTime { get; init; }

    public required PacketFacts Facts { get; init; }

    /// <summary>A pod's name; empty: the node's own namespace; null: not known.</summary>
    public string? Namespace { get; init; }

    /// <summary>Inode of the network namespace; 0: not known.</summary>
    public uint NamespaceInode { get; init; }

    public string? Device { get; init; }

    /// <summary>Null: a program saw it.</summary>
    public HopPoint? Point { get; init; }

    /// <summary>Address of the packet in the kernel; 0: a program saw it.</summary>
    public ulong Skb { get; init; }

    public ushort Cpu { get; init; }

    /// <summary>Bytes of the packet.</summary>
    public uint Length { get; init; }

    /// <summary>Bytes a segment carries of a packet that the device will cut; 0: it is one packet.</summary>
    public int SegmentSize { get; init; }

    public uint Mark { get; init; }

    /// <summary>The kernel's reason of a drop (<c>NETFILTER_DROP</c>).</summary>
    public string? KernelReason { get; init; }

    /// <summary>What the kernel notes of it; null: a program saw it.</summary>
    public HopSkb? Fields { get; init; }

    /// <summary>Functions of the kernel, innermost first. At <see cref="HopPoint.Function"/> the first is the one that was called.</summary>
    public IReadOnlyList<string> Stack { get; init; } = [];

    /// <summary>Who reads it, or on whose behalf the kernel ran.</summary>
    public string? Process { get; init; }

    /// <summary>What a program said of it; null: the kernel saw it.</summary>
    public ProgramVerdict? Program { get; init; }

    /// <summary>The captured bytes, from the Ethernet header or, where there is none, the IP header on.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Whether the bytes begin with an Ethernet header.</summary>
    public bool HasEthernet { get; init; }
}
