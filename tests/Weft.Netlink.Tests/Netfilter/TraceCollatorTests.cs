using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Tracing;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>Whose step it is, where identifiers come again.</summary>
public class TraceCollatorTests
{
    private const string Own = TraceTable.NamePrefix + "1-1";
    private readonly TraceCollator _collator = new(Own);

    [Fact]
    public void An_identifier_that_comes_again_is_another_packet()
    {
        Assert.Equal([1, null, 1, 2, null, 2], Add(Begin(5), Pass(5), Step(5), Begin(5), Pass(5), Step(5)));
    }

    [Fact]
    public void An_identifier_that_comes_again_with_somebody_elses_packet_is_forgotten()
    {
        Assert.Equal([1, null, 1, null, null], Add(Begin(5), Pass(5), Step(5), Pass(5), Step(5)));
    }

    [Fact]
    public void Steps_in_tables_of_other_traces_and_of_unknown_packets_are_not_shown()
    {
        TraceStep other = Step(5) with { Table = TraceTable.NamePrefix + "2-1" };

        Assert.Equal([null, 1, null], Add(Step(6), Begin(5), other));
    }

    [Fact]
    public void Only_so_many_packets_are_remembered()
    {
        _collator.Add(Begin(1));
        for (uint id = 2; id < 10_000; id++)
        {
            _collator.Add(Begin(id));
        }

        Assert.Null(_collator.Add(Step(1)));
        Assert.Equal(9_999, _collator.Add(Step(9_999)));
    }

    private IEnumerable<long?> Add(params TraceStep[] steps) => [.. steps.Select(_collator.Add)];

    private static TraceStep Step(uint id) =>
        new() { Id = id, Family = NetfilterFamily.IPv4, Type = TraceStepType.Rule, Table = "filter", Chain = "INPUT", RuleHandle = 1 };

    private static TraceStep Begin(uint id) => Step(id) with { Family = NetfilterFamily.Inet, Table = Own, Chain = "prerouting" };

    private static TraceStep Pass(uint id) => Begin(id) with { Type = TraceStepType.Policy, RuleHandle = 0 };
}
