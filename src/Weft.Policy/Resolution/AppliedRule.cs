using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>A rule that an engine holds, and the number that stands for it in the datapath.</summary>
/// <param name="Number">
/// Never 0. It follows from the document's name and the rule's path, so it is the same after a restart and for a changed rule in the
/// same place; among the rules of one engine no two have the same.
/// </param>
public sealed record AppliedRule(uint Number, PolicyRule Rule)
{
    public override string ToString() => Rule.ToString();
}
