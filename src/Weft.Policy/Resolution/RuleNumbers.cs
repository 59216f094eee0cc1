using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Gives each rule a number by which events of the datapath name it.</summary>
internal sealed class RuleNumbers
{
    private readonly Dictionary<uint, PolicyRule> _rules = [];

    public AppliedRule Give(PolicyRule rule)
    {
        uint number = 2166136261;
        foreach (char c in $"{rule.Origin.Policy} {rule.Origin.Path}")
        {
            number = (number ^ c) * 16777619;
        }

        while (number == 0 || _rules.ContainsKey(number))
        {
            number++;
        }

        _rules.Add(number, rule);
        return new AppliedRule(number, rule);
    }

    public void TakeBack(AppliedRule rule) => _rules.Remove(rule.Number);

    public Dictionary<uint, PolicyRule> All() => new(_rules);

    public PolicyRule? Find(uint number) => _rules.GetValueOrDefault(number);
}
