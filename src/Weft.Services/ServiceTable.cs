using System.Collections.Immutable;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>All that a node balances, at one moment.</summary>
public sealed record ServiceTable(
    ImmutableDictionary<FrontendKey, Frontend> Frontends, ImmutableSortedDictionary<ResourceName, ImmutableArray<ServiceProblem>> ProblemsByService)
{
    public static readonly ServiceTable Empty =
        new(ImmutableDictionary<FrontendKey, Frontend>.Empty, ImmutableSortedDictionary<ResourceName, ImmutableArray<ServiceProblem>>.Empty);

    /// <summary>By service.</summary>
    public IEnumerable<ServiceProblem> Problems => ProblemsByService.Values.SelectMany(problems => problems);
}
