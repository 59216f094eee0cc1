using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Tracing;

namespace Weft.Control.Netfilter;

/// <summary>Looks chains and rules up when a packet meets them for the first time. A handle is never given to another rule.</summary>
internal sealed class NetfilterRuleCache(NetfilterTables tables)
{
    private readonly Dictionary<(NetfilterFamily, string, string), NetfilterChain?> _chains = [];
    private readonly Dictionary<(NetfilterFamily, string, string, ulong), NetfilterRule?> _rules = [];

    public NetfilterChain? ChainOf(TraceStep step)
    {
        (NetfilterFamily, string, string) key = (step.Family, step.Table, step.Chain);
        if (!_chains.TryGetValue(key, out NetfilterChain? chain))
        {
            chain = tables.FindChain(step.Family, step.Table, step.Chain);
            _chains[key] = chain;
        }

        return chain;
    }

    public NetfilterRule? RuleOf(TraceStep step)
    {
        if (step.Type != TraceStepType.Rule)
        {
            return null;
        }

        (NetfilterFamily, string, string, ulong) key = (step.Family, step.Table, step.Chain, step.RuleHandle);
        if (!_rules.TryGetValue(key, out NetfilterRule? rule))
        {
            rule = tables.FindRule(step.Family, step.Table, step.Chain, step.RuleHandle);
            _rules[key] = rule;
        }

        return rule;
    }
}
