using System.Net;
using Weft.Model.Identities;

namespace Weft.Policy.Explaining;

/// <summary>One end of a flow, such that it can be followed from one set of policies to another.</summary>
/// <param name="Identity">Of a workload; of addresses outside it is the one that they have with the policies that are there now.</param>
/// <param name="Prefix">Of addresses outside: those in it and in no longer prefix that a rule names. Null: a workload, or any other address outside.</param>
public readonly record struct FlowEnd(Identity Identity, IPNetwork? Prefix = null)
{
    public override string ToString() => Prefix?.ToString() ?? Identity.ToString();
}
