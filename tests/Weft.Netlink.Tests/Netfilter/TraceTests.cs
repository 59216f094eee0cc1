using System.Net;
using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Tracing;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>Packets in a namespace, traced by Weft's own rules.</summary>
public sealed class TraceTests : IDisposable
{
    private const int Port = 4711;
    private const string Ruleset = """
        table inet t {
          chain sub { udp length > 5 counter; ip daddr 127.0.0.1 return; }
          chain out { type filter hook output priority 0; jump sub; ip ttl 64 counter; meta mark set 0x17; }
          chain in {
            type filter hook input priority 0; policy drop;
            udp dport { 53, 123 } accept
            meta mark 0x17 udp dport 4711 accept
            tcp dport 80 accept
          }
        }
        """;

    private readonly TracedNode _node = new();

    public void Dispose() => _node.Dispose();

    [KernelFact]
    public void Steps_are_those_that_nft_reports()
    {
        _node.Load(Ruleset);
        TracedNode.NftMonitor nft = Ready(_node);
        TracedNode.Listener trace = _node.Trace(TracedNode.Udp(Port));

        _node.Send(Port, count: 3);
        trace.Until(step => step.Chain == "in", times: 3);

        Eventually.Passes(() => Assert.Equal(nft.Words.Where(line => !line.Contains("ready", StringComparison.Ordinal)), trace.Words));
        Assert.Contains("inet t in rule meta mark 0x00000017 udp dport 4711 accept (verdict accept)", trace.Words);
        Assert.Contains("inet t out policy accept", trace.Words);
        Assert.Contains("inet t sub rule ip daddr 127.0.0.1 return (verdict return)", trace.Words);
    }

    [KernelFact]
    public void A_rule_that_drops_is_named()
    {
        _node.Load("table ip fw { chain in { type filter hook input priority 5; udp dport 4711 drop; }; }");
        TracedNode.Listener trace = _node.Trace(TracedNode.Udp(Port));

        _node.Send(Port);
        trace.Until(step => step.Verdict.IsDrop);

        (_, TraceStep drop, string? text) = trace.Steps.Single(step => step.Step.Verdict.IsDrop);
        Assert.Equal(
            (NetfilterFamily.IPv4, "fw", "in", TraceStepType.Rule, "udp dport 4711 drop"), (drop.Family, drop.Table, drop.Chain, drop.Type, text));
        using NetfilterTables tables = NetfilterTables.Open(_node.Namespace.Handle);
        NetfilterChain chain = tables.FindChain(drop.Family, drop.Table, drop.Chain)!;
        Assert.Equal(("input", 5, "filter"), (chain.HookName, chain.Priority, chain.Type));
    }

    [KernelFact]
    public void A_policy_that_drops_is_named()
    {
        _node.Load("table inet fw { chain in { type filter hook input priority 0; policy drop; udp dport 1 accept; }; }");
        TracedNode.Listener trace = _node.Trace(TracedNode.Udp(Port));

        _node.Send(Port);
        trace.Until(step => step.Verdict.IsDrop);

        Assert.Equal("inet fw in policy drop", trace.Words.Last());
    }

    [KernelFact]
    public void Rules_of_iptables_nft_are_named_and_translated_packets_shown_as_they_are()
    {
        Iptables("-t nat -A OUTPUT -p udp --dport 4711 -j DNAT --to-destination 127.0.0.1:4712");
        Iptables("-A INPUT -p udp -m multiport --dports 4712,4713 -m comment --comment thanks -j DROP");
        TracedNode.Listener trace = _node.Trace(TracedNode.Udp(Port));

        _node.Send(Port);
        trace.Until(step => step.Chain == "OUTPUT");
        Assert.Contains("ip nat OUTPUT rule udp dport 4711 counter dnat to 127.0.0.1:4712 (verdict accept)", trace.Words);

        TracedNode.Listener translated = _node.Trace(TracedNode.Udp(4712));
        _node.Send(Port);
        translated.Until(step => step.Verdict.IsDrop);
        (_, TraceStep drop, string? text) = translated.Steps.Single(step => step.Step.Verdict.IsDrop);
        Assert.Equal(("filter", "INPUT", "meta l4proto udp udp dport { 4712, 4713 } comment \"thanks\" counter drop"), (drop.Table, drop.Chain, text));
        byte[] header = translated.Steps.First(step => step.Step is { Chain: "INPUT", HasHeaders: true }).Step.TransportHeader.ToArray();
        Assert.Equal(4712, header[2] << 8 | header[3]);
    }

    [KernelFact]
    public void A_changed_source_shows_in_the_next_hook()
    {
        _node.Load("""
            table ip n {
              chain post { type nat hook postrouting priority 100; oifname "lo" snat to 127.0.0.9; }
              chain in { type filter hook input priority 0; counter; }
            }
            """);
        TracedNode.Listener trace = _node.Trace(TracedNode.Udp(Port));

        _node.Send(Port);
        trace.Until(step => step is { Chain: "in", Type: TraceStepType.Policy });

        Assert.Contains("ip n post rule oifname \"lo\" snat to 127.0.0.9 (verdict accept)", trace.Words);
        TraceStep after = trace.Steps.First(step => step.Step is { Chain: "in", HasHeaders: true }).Step;
        Assert.Equal("127.0.0.9", new IPAddress(after.NetworkHeader.Span.Slice(12, 4)).ToString());
    }

    [KernelFact]
    public void Two_traces_at_once_hear_of_their_own_packets_only()
    {
        _node.Load(Ruleset);
        TracedNode.Listener one = _node.Trace(TracedNode.Udp(1001));
        TracedNode.Listener other = _node.Trace(TracedNode.Udp(1002));

        _node.Send(1001, count: 2);
        _node.Send(1002, count: 3);
        one.Until(step => step.Verdict.IsDrop, times: 2);
        other.Until(step => step.Verdict.IsDrop, times: 3);

        Assert.All(one.Steps.Where(step => step.Step.HasHeaders), step => Assert.Equal(1001, PortOf(step.Step)));
        Assert.All(other.Steps.Where(step => step.Step.HasHeaders), step => Assert.Equal(1002, PortOf(step.Step)));
        // Each goes out and comes in again.
        Assert.Equal((4, 6), (one.Steps.Max(step => step.Packet), other.Steps.Max(step => step.Packet)));
        Assert.Equal((2UL, 3UL), (Hits(one, "output"), Hits(other, "output")));
    }

    [KernelFact]
    public void Answers_are_traced_and_other_flows_are_not()
    {
        _node.Load("table inet t { chain out { type filter hook output priority 0; counter; }; }");
        TracedNode.Listener trace = _node.Trace(new TraceFilter
        {
            Protocol = 17, Source = IPNetwork.Parse("127.0.0.1/32"), Destination = IPNetwork.Parse("127.0.0.2/32"), DestinationPort = Port,
        });

        _node.Send(Port + 1, address: "127.0.0.2");
        _node.Send(Port, address: "127.0.0.3");
        _node.Send(Port, address: "127.0.0.2");
        _node.Answer(Port, from: "127.0.0.2");
        trace.Until(step => step.Type == TraceStepType.Policy, times: 2);

        Assert.Equal(2, trace.Steps.Count(step => step.Step.Type == TraceStepType.Policy));
        Assert.Equal((2UL, 2UL), (Hits(trace, "output"), Hits(trace, "prerouting")));
    }

    [KernelFact]
    public void The_table_is_whole_at_once_cannot_be_changed_and_goes_with_the_trace()
    {
        using (TraceTable table = TraceTable.Create(
            new TraceFilter { Protocol = 6, Source = IPNetwork.Parse("10.0.0.0/12"), DestinationPort = 80, TunnelPort = 8472 }, _node.Namespace.Handle))
        {
            string listed = _node.Namespace.Exec("nft", "list", "ruleset");
            Assert.Contains("ip saddr 10.0.0.0/12 tcp dport 80 counter packets 0 bytes 0", listed, StringComparison.Ordinal);
            Assert.Contains("udp dport 8472 @th,224,16 0x800", listed, StringComparison.Ordinal);
            Assert.Contains("flags owner", listed, StringComparison.Ordinal);
            _node.Namespace.Exec("nft", "flush", "ruleset");
            Assert.NotEqual(0, Tool.RunUnchecked("ip", "netns", "exec", _node.Namespace.Name, "nft", "add", "chain", "inet", table.Name, "mine").ExitCode);
            Assert.Contains(table.Name, _node.Namespace.Exec("nft", "list", "tables"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(TraceTable.NamePrefix, _node.Namespace.Exec("nft", "list", "tables"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_a_process_left_on_a_kernel_without_owners_is_removed_and_what_lives_is_not()
    {
        _node.Namespace.Exec("nft", "add", "table", "inet", $"{TraceTable.NamePrefix}{int.MaxValue}-1");
        _node.Namespace.Exec("nft", "add", "table", "inet", $"{TraceTable.NamePrefix}mine");
        using TraceTable living = TraceTable.Create(TracedNode.Udp(Port), _node.Namespace.Handle);

        Assert.Equal(1, TraceTable.RemoveLeftovers(_node.Namespace.Handle));

        string tables = _node.Namespace.Exec("nft", "list", "tables");
        Assert.Contains($"{TraceTable.NamePrefix}mine", tables, StringComparison.Ordinal);
        Assert.Contains(living.Name, tables, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Rules_of_iptables_legacy_are_counted()
    {
        _node.Namespace.Exec("iptables-legacy", "-A", "INPUT", "-p", "udp", "-j", "ACCEPT");
        _node.Namespace.Exec("iptables-legacy", "-t", "raw", "-L");

        IReadOnlyList<LegacyTable> found = _node.Namespace.Run(() => (IReadOnlyList<LegacyTable>)
            [.. LegacyTables.List(NetfilterFamily.IPv4, $"/proc/thread-self/net/ip_tables_names")]);

        Assert.Equal([new LegacyTable(NetfilterFamily.IPv4, "filter", 1)], found);
    }

    [KernelFact]
    public void A_flow_that_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TraceTable.Create(new TraceFilter { DestinationPort = 80 }, _node.Namespace.Handle));
        Assert.Throws<ArgumentException>(() => TraceTable.Create(
            new TraceFilter { Source = IPNetwork.Parse("10.0.0.0/8"), Destination = IPNetwork.Parse("fd00::/8") }, _node.Namespace.Handle));
    }

    private void Iptables(string words) => _node.Namespace.Exec("iptables-nft", words.Split(' '));

    private static ulong Hits(TracedNode.Listener trace, string hook) => trace.Table.ReadHits()
        .Where(hit => hit.Hook == hook && !hit.InTunnel).Aggregate(0UL, (sum, hit) => sum + hit.Packets);

    private static int PortOf(TraceStep step) => step.TransportHeader.Span[2] << 8 | step.TransportHeader.Span[3];

    /// <summary>nft says nothing when it is ready: packets are traced until it reports the first.</summary>
    private static TracedNode.NftMonitor Ready(TracedNode node)
    {
        TracedNode.NftMonitor monitor = node.StartNft();
        node.Load("table ip ready { chain o { type filter hook output priority -500; udp dport 9 meta nftrace set 1 drop; }; }");
        Eventually.Passes(() =>
        {
            node.Send(9);
            Assert.True(monitor.HasAny);
        });
        node.Namespace.Exec("nft", "delete", "table", "ip", "ready");
        return monitor;
    }
}
