using Weft.Policy.Documents;

namespace Weft.Policy.Explaining;

/// <summary>Where a rule and a flow part.</summary>
/// <param name="Field">What differs: `port`, `protocol`, `namespace`, `label app`, `CIDR`, … of the peer, or of the endpoint that the policy selects.</param>
/// <param name="Place">Where the document says it.</param>
/// <param name="Written">What the rule wants.</param>
/// <param name="Actual">What the flow has.</param>
public sealed record FieldDifference(string Field, RuleOrigin Place, string Written, string Actual)
{
    public override string ToString() => $"{Field} is {Actual}, {Place.Path} (line {Place.Line}) wants {Written}";
}
