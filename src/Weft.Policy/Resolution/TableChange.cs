using System.Collections.Immutable;
using Weft.Model.Identities;

namespace Weft.Policy.Resolution;

/// <summary>A table that became another one, for all endpoints of some identities.</summary>
/// <param name="Written">Entries that are new or have another verdict or rule under the same key.</param>
/// <param name="Deleted">Entries whose keys the new table lacks.</param>
public sealed record TableChange(
    ImmutableArray<Identity> Subjects, PolicyTable Before, PolicyTable After,
    ImmutableArray<PolicyMapEntry> Written, ImmutableArray<PolicyMapEntry> Deleted)
{
    /// <summary>A direction is enforced now that was not, or no longer.</summary>
    public bool ChangesEnforcement =>
        Before.Ingress.IsEnforced != After.Ingress.IsEnforced || Before.Egress.IsEnforced != After.Egress.IsEnforced;
}
