namespace Weft.Lab.State;

/// <summary>A host outside of a lab's underlay.</summary>
/// <param name="Address">With the prefix length of its network.</param>
/// <param name="Address6">The same; null: it has none.</param>
public sealed record OutsideReport(string Name, string Address, string? Address6, bool Exists, string Netns);
