using Weft.Events;

namespace Weft.Control.Policy;

/// <summary>Names rules for those who watch verdicts.</summary>
public sealed class PolicyRuleNames(NodePolicy policy) : IRuleNames
{
    public string? Find(uint number) => policy.FindRule(number)?.Origin.ToString();
}
