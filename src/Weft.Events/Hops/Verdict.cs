namespace Weft.Events.Hops;

/// <summary>What a drop means.</summary>
/// <param name="Kind">One of <see cref="CulpritKind"/>'s names.</param>
/// <param name="Reason">In words.</param>
/// <param name="Advice">What to do.</param>
internal sealed record Verdict(string Kind, string Reason, string? Advice);
