using Weft.Policy.Resolution;

namespace Weft.Control.Policy;

/// <summary>The policy of one endpoint.</summary>
/// <param name="Wanted">What follows from the policies that are there.</param>
/// <param name="Realized">What the datapath has.</param>
public sealed record EndpointTables(PolicyTable Wanted, PolicyTable Realized)
{
    /// <summary>Of who is under no policy.</summary>
    public static readonly EndpointTables None = new(PolicyTable.Empty, PolicyTable.Empty);

    public bool IsEnforced => Realized.Ingress.IsEnforced || Realized.Egress.IsEnforced;
}
