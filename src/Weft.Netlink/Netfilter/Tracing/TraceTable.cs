using System.Globalization;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>A table of its own whose rules turn tracing on for the packets of a filter, for as long as this is not disposed.</summary>
/// <remarks>
/// Made in one step, first at the hooks where packets come in and where the node's own begin. The kernel ties it to the netlink
/// socket here (NFT_TABLE_F_OWNER, Linux 5.12): nobody else can change it, and it goes when the process ends, however that ends.
/// Before 5.12 a process that is killed leaves it; <see cref="RemoveLeftovers"/> is for that.
/// </remarks>
public sealed class TraceTable : IDisposable
{
    /// <summary>Beyond this many in a second packets are only counted, for each rule.</summary>
    public const int PacketsPerSecond = 200;

    /// <summary>How the names of all of these begin.</summary>
    public const string NamePrefix = "weft-trace-";

    private const string Prerouting = "prerouting";
    private const string Output = "output";

    /// <summary>Before connection tracking's own defragmentation (-400) nothing sees whole packets; raw is -300.</summary>
    private const int Priority = -350;

    private static int s_counter;
    private readonly NetlinkSocket _socket;
    private readonly TraceFilter _filter;
    private readonly bool _owned;

    private TraceTable(NetlinkSocket socket, string name, TraceFilter filter, bool owned)
    {
        _socket = socket;
        Name = name;
        _filter = filter;
        _owned = owned;
    }

    /// <summary>In family inet.</summary>
    public string Name { get; }

    /// <param name="networkNamespace">Null is the namespace of the calling thread. It may be disposed after the call.</param>
    public static TraceTable Create(TraceFilter filter, NetworkNamespace? networkNamespace = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Contradiction() is { } contradiction)
        {
            throw new ArgumentException($"trace packets: {contradiction}", nameof(filter));
        }

        string name = string.Create(
            CultureInfo.InvariantCulture, $"{NamePrefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}");
        NetlinkSocket socket = NetlinkSocket.Open(NetlinkH.NETLINK_NETFILTER, networkNamespace);
        try
        {
            return new TraceTable(socket, name, filter, CreateOwned(socket, name, filter));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Deletes tables without an owner that earlier processes made on an old kernel.</summary>
    /// <returns>How many.</returns>
    public static int RemoveLeftovers(NetworkNamespace? networkNamespace = null)
    {
        using NetfilterTables tables = NetfilterTables.Open(networkNamespace);
        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkH.NETLINK_NETFILTER, networkNamespace);
        int removed = 0;
        foreach (NetfilterTable table in tables.ListTables())
        {
            if (table is { Family: NetfilterFamily.Inet, Owner: null } && IsLeftover(table.Name))
            {
                Delete(socket, table.Name);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Packets so far, one entry for each rule.</summary>
    public IReadOnlyList<TraceHits> ReadHits()
    {
        NetlinkWriter writer = NfTablesMessages.Begin(new byte[NfTablesMessages.Size], NfTablesH.NFT_MSG_GETRULE, NetfilterFamily.Inet);
        writer.PutText(NfTablesH.NFTA_RULE_TABLE, Name);
        List<RuleRecord> rules = _socket.Dump<RuleRecord>(
            writer.Finish(), new NetlinkRequest($"list rules of table inet {Name}", NfTablesAdvice.Of), NetfilterParser.TryParseRule);
        bool[] inTunnel = [.. Rules(_filter).Select(static rule => rule.InTunnel)];
        return
        [
            .. rules.Where(rule => rule.Table == Name).GroupBy(static rule => rule.Chain).SelectMany(chain => chain
                .Zip(inTunnel, static (rule, isInTunnel) => new TraceHits(rule.Chain, isInTunnel, Counted(rule)))),
        ];
    }

    public void Dispose()
    {
        try
        {
            if (!_owned)
            {
                Delete(_socket, Name);
            }
        }
        finally
        {
            _socket.Dispose();
        }
    }

    private static ulong Counted(RuleRecord rule) =>
        rule.Expressions.FirstOrDefault(static expression => expression.Name == "counter")?.Long(NfTablesH.NFTA_COUNTER_PACKETS) ?? 0;

    private static bool IsLeftover(string table) => table.StartsWith(NamePrefix, StringComparison.Ordinal)
        && table[NamePrefix.Length..].Split('-') is [string pid, _] && !Directory.Exists($"/proc/{pid}");

    /// <returns>Whether the kernel knows of owners.</returns>
    private static bool CreateOwned(NetlinkSocket socket, string name, TraceFilter filter)
    {
        NetlinkRequest request = new($"add table inet {name}", NfTablesAdvice.Of);
        try
        {
            socket.ExecuteBatch(NfNetlinkH.NFNL_SUBSYS_NFTABLES, Messages(name, filter, NfTablesH.NFT_TABLE_F_OWNER), request);
            return true;
        }
        catch (NetlinkException failure) when (failure.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            socket.ExecuteBatch(NfNetlinkH.NFNL_SUBSYS_NFTABLES, Messages(name, filter, flags: 0), request);
            return false;
        }
    }

    private static void Delete(NetlinkSocket socket, string name)
    {
        NetlinkWriter writer = NfTablesMessages.Begin(new byte[NfTablesMessages.Size], NfTablesH.NFT_MSG_DELTABLE, NetfilterFamily.Inet);
        writer.PutText(NfTablesH.NFTA_TABLE_NAME, name);
        socket.ExecuteBatch(
            NfNetlinkH.NFNL_SUBSYS_NFTABLES, [writer.Finish().ToArray()], new NetlinkRequest($"delete table inet {name}", NfTablesAdvice.Of));
    }

    private static List<byte[]> Messages(string name, TraceFilter filter, uint flags)
    {
        NetlinkWriter table = NfTablesMessages.Begin(
            new byte[NfTablesMessages.Size], NfTablesH.NFT_MSG_NEWTABLE, NetfilterFamily.Inet, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL);
        table.PutText(NfTablesH.NFTA_TABLE_NAME, name);
        table.PutUInt32BigEndian(NfTablesH.NFTA_TABLE_FLAGS, flags);
        List<byte[]> messages = [table.Finish().ToArray()];
        foreach ((string chain, int hook) in ((string, int)[])[(Prerouting, NfNetlinkH.NF_INET_PRE_ROUTING), (Output, NfNetlinkH.NF_INET_LOCAL_OUT)])
        {
            messages.Add(Chain(name, chain, hook));
            messages.AddRange(Rules(filter).Select(rule => TraceRuleWriter.Rule(name, chain, rule.Filter, rule.IsIPv6, rule.InTunnel)));
        }

        return messages;
    }

    /// <summary>In the order of the rules in each chain.</summary>
    private static IEnumerable<(TraceFilter Filter, bool IsIPv6, bool InTunnel)> Rules(TraceFilter filter) =>
        from inTunnel in filter.TunnelPort is null ? [false] : (bool[])[false, true]
        from isIPv6 in (bool[])[false, true]
        where isIPv6 ? filter.HasIPv6 : filter.HasIPv4
        from direction in filter.IsSymmetric ? [filter] : (TraceFilter[])[filter, filter.Reversed]
        select (direction, isIPv6, inTunnel);

    private static byte[] Chain(string table, string name, int hook)
    {
        NetlinkWriter chain = NfTablesMessages.Begin(
            new byte[NfTablesMessages.Size], NfTablesH.NFT_MSG_NEWCHAIN, NetfilterFamily.Inet, NetlinkH.NLM_F_CREATE);
        chain.PutText(NfTablesH.NFTA_CHAIN_TABLE, table);
        chain.PutText(NfTablesH.NFTA_CHAIN_NAME, name);
        int attributes = chain.BeginNested(NfTablesH.NFTA_CHAIN_HOOK);
        chain.PutUInt32BigEndian(NfTablesH.NFTA_HOOK_HOOKNUM, (uint)hook);
        chain.PutUInt32BigEndian(NfTablesH.NFTA_HOOK_PRIORITY, unchecked((uint)Priority));
        chain.EndNested(attributes);
        chain.PutText(NfTablesH.NFTA_CHAIN_TYPE, "filter");
        chain.PutUInt32BigEndian(NfTablesH.NFTA_CHAIN_POLICY, NfNetlinkH.NF_ACCEPT);
        return chain.Finish().ToArray();
    }
}
