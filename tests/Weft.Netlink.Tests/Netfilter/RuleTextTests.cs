using Weft.Netlink.Netfilter;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>Rules as nft writes them, read from the kernel.</summary>
public sealed class RuleTextTests : IDisposable
{
    private readonly TestNamespace _namespace = TestNamespace.Create("rules");

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void Every_rule_of_the_corpus_reads_as_nft_lists_it()
    {
        Tool.Run("ip", "-n", _namespace.Name, "link", "set", "lo", "up");
        Nft.Load(_namespace, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Netfilter", "corpus.nft")));

        string[] listed = [.. Listed()];
        string[] read = [.. Read(withState: true)];
        IEnumerable<string> differences = listed.Except(read).Select(line => $"- {line}").Concat(read.Except(listed).Select(line => $"+ {line}"));
        Assert.Equal([], differences.OrderBy(line => line[2..], StringComparer.Ordinal));
    }

    public static TheoryData<string, string, string> IptablesRules => new()
    {
        { "iptables-nft", "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT", "ip saddr 10.0.0.0/8 tcp dport 22 counter accept" },
        { "iptables-nft", "-A INPUT -p tcp -m multiport ! --sports 80,443,1000:2000 -j DROP", "meta l4proto tcp tcp sport != { 80, 443, 1000-2000 } counter drop" },
        { "iptables-nft", "-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT", "ct state established,new counter accept" },
        { "iptables-nft", "-A INPUT -m conntrack --ctstate DNAT -j ACCEPT", "xt match \"conntrack\" counter accept" },
        { "iptables-nft", "-A INPUT -m mark --mark 0x1/0xff -j REJECT", "meta mark & 0x000000ff == 0x00000001 counter reject" },
        { "iptables-nft", "-A INPUT -m connmark ! --mark 0x5 -j RETURN", "ct mark != 0x00000005 counter return" },
        { "iptables-nft", "-A INPUT -m addrtype --dst-type LOCAL -j REJECT --reject-with icmp-host-prohibited", "fib daddr type local counter reject with icmp host-prohibited" },
        { "iptables-nft", "-A INPUT -p tcp -j REJECT --reject-with tcp-reset", "meta l4proto tcp counter reject with tcp reset" },
        { "iptables-nft", "-A INPUT -m comment --comment words -j LOG --log-prefix hey", "comment \"words\" counter log prefix \"hey\"" },
        { "iptables-nft", "-A INPUT -m recent --name r --set", "xt match \"recent\" counter" },
        { "iptables-nft", "-A INPUT -i eth+ ! -p tcp", "iifname \"eth*\" meta l4proto != tcp counter" },
        { "iptables-nft", "-t nat -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE --random", "ip saddr 10.0.0.0/8 counter masquerade random" },
        { "iptables-nft", "-t nat -A POSTROUTING -p udp -j SNAT --to-source 1.2.3.4-1.2.3.9:100-200", "meta l4proto udp counter snat to 1.2.3.4-1.2.3.9:100-200" },
        { "iptables-nft", "-t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.1.1.1:8080", "tcp dport 80 counter dnat to 10.1.1.1:8080" },
        { "iptables-nft", "-t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080", "tcp dport 80 counter redirect to :8080" },
        { "iptables-nft", "-t mangle -A PREROUTING -j MARK --set-xmark 0x4000/0x4000", "counter meta mark set meta mark | 0x00004000" },
        { "iptables-nft", "-t mangle -A PREROUTING -j MARK --set-xmark 0x5/0xf", "counter meta mark set meta mark & 0xfffffff0 ^ 0x00000005" },
        { "iptables-nft", "-t raw -A PREROUTING -p icmp -j TRACE", "meta l4proto icmp counter meta nftrace set 1" },
        { "ip6tables-nft", "-t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination [2001:db8::1]:80", "tcp dport 80 counter dnat to [2001:db8::1]:80" },
        { "ip6tables-nft", "-t nat -A POSTROUTING -s fd00::/8 -j MASQUERADE", "ip6 saddr fd00::/8 counter masquerade" },
        { "ip6tables-nft", "-A INPUT -j REJECT --reject-with icmp6-adm-prohibited", "counter reject with icmpv6 admin-prohibited" },
    };

    [KernelTheory]
    [MemberData(nameof(IptablesRules))]
    public void Rules_of_iptables_read_in_nfts_words_or_say_what_is_not_known(string program, string rule, string text)
    {
        _namespace.Exec(program, rule.Split(' '));
        using NetfilterTables tables = NetfilterTables.Open(_namespace.Handle);

        Assert.Equal(text, Assert.Single(tables.ListRules()).Text);
    }

    private IEnumerable<string> Listed() => Nft.Rules(_namespace)
        .Select(pair => $"{pair.Key.Family} {pair.Key.Table} {pair.Key.Chain} {pair.Key.Handle}: {pair.Value}").Order(StringComparer.Ordinal);

    private IEnumerable<string> Read(bool withState)
    {
        using NetfilterTables tables = NetfilterTables.Open(_namespace.Handle);
        return [.. tables.ListRules(withState)
            .Select(rule => $"{rule.Family.ToWord()} {rule.Table} {rule.Chain} {rule.Handle}: {rule.Text}").Order(StringComparer.Ordinal)];
    }
}
