using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Packets;

namespace Weft.Events.Tests;

public class EventAggregatorTests
{
    private const ulong Second = 1_000_000_000;

    [Theory]
    [InlineData(AggregationLevel.None, 40)]
    [InlineData(AggregationLevel.Low, 30)]
    [InlineData(AggregationLevel.Medium, 12)]
    [InlineData(AggregationLevel.Max, 2)]
    public void What_is_printed_and_what_is_counted_is_everything(AggregationLevel level, int printed)
    {
        // ten times: comes in, goes out, is answered, is dropped
        EventAggregator aggregator = new(level, CraftedEvents.Names());
        int shown = 0;
        for (int i = 0; i < 10; i++)
        {
            shown += Offer(aggregator, Trace(TracePoint.FromEndpoint, CraftedEvents.Echo));
            shown += Offer(aggregator, Trace(TracePoint.ToOverlay, CraftedEvents.Echo));
            shown += Offer(aggregator, Trace(TracePoint.ToEndpoint, CraftedEvents.EchoReply));
            shown += Offer(aggregator, CraftedEvents.Drop(DropReason.TtlExceeded, default, CraftedEvents.Echo));
        }

        Assert.Equal(printed, shown);
        Assert.Equal(40UL - (ulong)printed, aggregator.TakeReports(0, all: true).Aggregate(0UL, (sum, report) => sum + report.Count));
        Assert.Empty(aggregator.TakeReports(0, all: true));
    }

    [Fact]
    public void A_flag_that_a_flow_has_not_had_is_printed()
    {
        EventAggregator aggregator = new(AggregationLevel.Medium, CraftedEvents.Names());
        TcpFlags[] flags = [TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Ack | TcpFlags.Psh, TcpFlags.Syn, TcpFlags.Fin | TcpFlags.Ack, TcpFlags.Fin | TcpFlags.Ack, TcpFlags.Rst];

        Assert.Equal([1, 0, 0, 0, 1, 0, 1], flags.Select(flag => Offer(aggregator, Trace(TracePoint.ToOverlay, CraftedEvents.Inner.IPv4("10.0.1.180", "10.0.0.23").Tcp(4242, 80, flag).ToArray()))));
    }

    [Theory]
    [InlineData(AggregationLevel.None, 10)]
    [InlineData(AggregationLevel.Low, 10)]
    [InlineData(AggregationLevel.Medium, 4)]
    [InlineData(AggregationLevel.Max, 4)]
    public void Of_verdicts_on_a_flow_each_is_printed_that_differs(AggregationLevel level, int printed)
    {
        EventAggregator aggregator = new(level, CraftedEvents.Names());
        PolicyRecord verdict = new() { Direction = MetricDirection.Ingress, Rule = 1 };
        byte[][] twice =
        [
            CraftedEvents.Policy(PolicyVerdictCode.Allowed, verdict, CraftedEvents.Syn),
            CraftedEvents.Policy(PolicyVerdictCode.Allowed, verdict with { Rule = 2 }, CraftedEvents.Syn),
            CraftedEvents.Policy(PolicyVerdictCode.DeniedByRule, verdict with { Rule = 2 }, CraftedEvents.Syn),
            CraftedEvents.Policy(PolicyVerdictCode.Allowed, verdict with { Direction = MetricDirection.Egress }, CraftedEvents.Syn, source: 7),
        ];

        int shown = twice.Concat(twice).Append(twice[0]).Append(twice[2]).Sum(bytes => Offer(aggregator, bytes));

        Assert.Equal(printed, shown);
        Assert.Equal(10UL - (ulong)printed, aggregator.TakeReports(0, all: true).Aggregate(0UL, (sum, report) => sum + report.Count));
    }

    [Fact]
    public void Counts_are_handed_out_when_the_interval_has_passed()
    {
        EventAggregator aggregator = new(AggregationLevel.Medium, CraftedEvents.Names());
        ulong begin = CraftedEvents.Header(EventType.Trace, 0, 0).Time;
        Offer(aggregator, Trace(TracePoint.ToOverlay, CraftedEvents.Echo));
        Offer(aggregator, Trace(TracePoint.ToOverlay, CraftedEvents.Echo, begin + (4 * Second)));

        Assert.Empty(aggregator.TakeReports(begin + (4 * Second)));
        FoldedEvents report = Assert.Single(aggregator.TakeReports(begin + (5 * Second)));
        Assert.Equal((1UL, (ulong)CraftedEvents.Echo.Length, begin + (4 * Second)), (report.Count, report.Bytes, report.First));
    }

    [Fact]
    public void A_flood_of_flows_loses_no_counts()
    {
        const int flows = EventAggregator.MaxFlows + 500;
        EventAggregator aggregator = new(AggregationLevel.Medium, CraftedEvents.Names());
        ulong begin = CraftedEvents.Header(EventType.Trace, 0, 0).Time;
        int shown = 0;
        for (int i = 0; i < flows; i++)
        {
            byte[] packet = CraftedEvents.Inner.IPv4($"10.1.{i / 256}.{i % 256}", "10.0.0.23").Udp(1, 2).Payload(4).ToArray();
            shown += Offer(aggregator, Trace(TracePoint.ToOverlay, packet, begin + (ulong)i));
            shown += Offer(aggregator, Trace(TracePoint.ToOverlay, packet, begin + (ulong)i));
        }

        Assert.Equal(flows, shown);
        Assert.Equal((ulong)flows, aggregator.TakeReports(begin, all: true).Aggregate(0UL, (sum, report) => sum + report.Count));
    }

    private static byte[] Trace(TracePoint point, byte[] packet, ulong? time = null)
    {
        byte[] bytes = CraftedEvents.Trace(point, default, packet);
        if (time is { } at)
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            header.Time = at;
            MemoryMarshal.Write(bytes, header);
        }

        return bytes;
    }

    private static int Offer(EventAggregator aggregator, byte[] bytes)
    {
        Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
        return aggregator.Shows(record, bytes) ? 1 : 0;
    }
}
