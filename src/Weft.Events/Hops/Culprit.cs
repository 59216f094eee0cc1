namespace Weft.Events.Hops;

/// <summary>Who is to blame that a packet did not arrive, or was not answered.</summary>
/// <param name="Kind">One of <see cref="CulpritKind"/>'s names.</param>
/// <param name="Node">Where; null: between nodes.</param>
/// <param name="Direction">Of the packet that it befell.</param>
/// <param name="Hop">Where on its way; null: it was not seen where it should have been.</param>
public sealed record Culprit(string Kind, string? Node, WayDirection Direction, Hop? Hop);
