using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Hosting;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps.Policy;

/// <summary>Reads endpoints' tables, which refer to sets of rules by their numbers.</summary>
internal static class PolicyMapReader
{
    private const uint Anybody = 0;

    /// <summary>Endpoints of the datapath, those that no table judges among them.</summary>
    public static IReadOnlyList<ushort> Endpoints(Invocation invocation)
    {
        using BpfMap<WeftAddress, EndpointValue> endpoints = invocation.OpenMap<WeftAddress, EndpointValue>(DatapathMapNames.Endpoints);
        using BpfMap<uint, uint> tables = invocation.OpenMap<uint, uint>(DatapathMapNames.Policies);
        return [.. endpoints.Entries().Select(entry => entry.Value.Id).Concat(tables.Keys().Select(id => (ushort)id)).Distinct().Order()];
    }

    public static IReadOnlyList<PolicyMapRow> Read(Invocation invocation, IReadOnlyList<ushort> endpoints, PolicyMapNames names)
    {
        using BpfMap<uint, uint> tables = invocation.OpenMap<uint, uint>(DatapathMapNames.Policies);
        List<(ushort Endpoint, KeyValuePair<PolicyKey, uint>[] Content)> read = [];
        foreach (ushort endpoint in endpoints)
        {
            using BpfMap? table = tables.Untyped.TryOpenInner((uint)endpoint);
            read.Add((endpoint, table is null ? [] : [.. table.As<PolicyKey, uint>().Entries()]));
        }

        // After the tables: a set is there before the first table that names it.
        using BpfMap<PolicyRuleKey, PolicyRuleValue> ruleMap = invocation.OpenMap<PolicyRuleKey, PolicyRuleValue>(DatapathMapNames.PolicyRules);
        ILookup<uint, KeyValuePair<PolicyRuleKey, PolicyRuleValue>> rules = ruleMap.Entries().ToLookup(entry => entry.Key.Set);
        return [.. read.Select(table => Row(table.Endpoint, table.Content, rules, names))];
    }

    private static PolicyMapRow Row(
        ushort endpoint, KeyValuePair<PolicyKey, uint>[] content, ILookup<uint, KeyValuePair<PolicyRuleKey, PolicyRuleValue>> rules, PolicyMapNames names)
    {
        bool IsEnforced(MetricDirection direction) => content.Any(entry => entry.Key.Identity == Anybody && entry.Key.Direction == direction);
        return new PolicyMapRow(
            endpoint, names.EndpointOf(endpoint), IsEnforced(MetricDirection.Ingress), IsEnforced(MetricDirection.Egress),
            [
                .. content.OrderBy(entry => entry.Key.Direction).ThenBy(entry => entry.Key.Identity).SelectMany(entry => rules[entry.Value]
                    .OrderBy(rule => rule.Value.Narrow).ThenBy(rule => rule.Key.Proto).ThenBy(rule => rule.Key.Port.Value)
                    .Select(rule => new PolicyMapEntryRow(
                        rule.Value.Deny == 0 ? "Allow" : "Deny", entry.Key.Direction == MetricDirection.Ingress ? "Ingress" : "Egress", entry.Key.Identity,
                        entry.Key.Identity == Anybody ? [] : names.LabelsOf(entry.Key.Identity), PolicyMapEntryRow.PortText(rule.Key),
                        rule.Value.Narrow, rule.Value.Rule, names.RuleOf(rule.Value.Rule)))),
            ]);
    }
}
