namespace Weft.Events.Hops;

/// <summary>One packet's way, hop by hop, over all nodes that told of it.</summary>
/// <param name="Direction">Of the flow that is traced.</param>
/// <param name="Hops">In the order in which they happened; at least one.</param>
public sealed record PacketWay(WayDirection Direction, IReadOnlyList<Hop> Hops)
{
    /// <summary>The packet as it was when it was seen first.</summary>
    public PacketFacts Packet => Hops[0].Seen.Facts;

    /// <summary>Where it was seen last.</summary>
    public Hop Last => Hops[^1];

    /// <summary>Where it was dropped; null: nobody dropped it.</summary>
    public Hop? Drop => Hops.FirstOrDefault(hop => hop.IsDrop);

    /// <summary>Whether somebody took it: a process, or the kernel itself.</summary>
    public bool IsDelivered => Hops.Any(hop => hop.Kind is HopKind.Socket or HopKind.Kernel);
}
