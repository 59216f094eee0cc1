namespace Weft.Cli.Maps.Policy;

/// <summary>An endpoint's table. A direction of which it says nothing is not enforced.</summary>
/// <param name="Name">The pod's, as far as the agent knows it.</param>
internal sealed record PolicyMapRow(ushort Endpoint, string? Name, bool IngressEnforced, bool EgressEnforced, IReadOnlyList<PolicyMapEntryRow> Entries);
