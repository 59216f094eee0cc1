using System.Collections.Immutable;

namespace Weft.Policy.Explaining;

/// <summary>What a change of policies would do.</summary>
/// <param name="Pairs">Of workloads, on ports that rules name, in order; cut off where they are very many.</param>
/// <param name="PairCount">How many there are.</param>
/// <param name="Connections">Those of the given ones whose verdict would change.</param>
public sealed record DryRunReport(ImmutableArray<VerdictChange> Pairs, int PairCount, ImmutableArray<VerdictChange> Connections);
