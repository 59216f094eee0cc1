using Weft.Linux;
using Weft.Netlink.Netfilter.Text;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>The rules of nftables, and of iptables where it is nftables underneath, in one network namespace.</summary>
/// <remarks>Thread-safe. Calls are synchronous. Dispose closes the netlink sockets and changes nothing.</remarks>
public sealed class NetfilterTables : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly RtNetlink _devices;

    private NetfilterTables(NetlinkSocket socket, RtNetlink devices)
    {
        _socket = socket;
        _devices = devices;
    }

    /// <param name="networkNamespace">Null is the namespace of the calling thread. It may be disposed after the call.</param>
    public static NetfilterTables Open(NetworkNamespace? networkNamespace = null)
    {
        NetlinkSocket socket = NetlinkSocket.Open(NetlinkH.NETLINK_NETFILTER, networkNamespace);
        try
        {
            return new NetfilterTables(socket, RtNetlink.Open(networkNamespace));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IReadOnlyList<NetfilterTable> ListTables() =>
        Dump<NetfilterTable>(NfTablesH.NFT_MSG_GETTABLE, "list tables of nftables", NetfilterParser.TryParseTable);

    public IReadOnlyList<NetfilterChain> ListChains() =>
        Dump<NetfilterChain>(NfTablesH.NFT_MSG_GETCHAIN, "list chains of nftables", NetfilterParser.TryParseChain);

    /// <summary>All rules, in the order in which packets meet them within a chain.</summary>
    /// <param name="withState">Numbers of counters too.</param>
    public IReadOnlyList<NetfilterRule> ListRules(bool withState = false)
    {
        List<RuleRecord> rules = Dump<RuleRecord>(NfTablesH.NFT_MSG_GETRULE, "list rules of nftables", NetfilterParser.TryParseRule);
        RuleContext context = NewContext(withState);
        return [.. rules.Select(rule => Describe(rule, context))];
    }

    /// <returns>Null: there is no such chain.</returns>
    public NetfilterChain? FindChain(NetfilterFamily family, string table, string name)
    {
        byte[] buffer = new byte[NfTablesMessages.Size];
        NetlinkWriter writer = NfTablesMessages.Begin(buffer, NfTablesH.NFT_MSG_GETCHAIN, family);
        writer.PutText(NfTablesH.NFTA_CHAIN_TABLE, table);
        writer.PutText(NfTablesH.NFTA_CHAIN_NAME, name);
        return Find<NetfilterChain>(writer.Finish(), $"look up chain {family.ToWord()} {table} {name}", NetfilterParser.TryParseChain);
    }

    /// <returns>Null: there is no such rule, any more perhaps.</returns>
    public NetfilterRule? FindRule(NetfilterFamily family, string table, string chain, ulong handle)
    {
        byte[] buffer = new byte[NfTablesMessages.Size];
        NetlinkWriter writer = NfTablesMessages.Begin(buffer, NfTablesH.NFT_MSG_GETRULE, family);
        writer.PutText(NfTablesH.NFTA_RULE_TABLE, table);
        writer.PutText(NfTablesH.NFTA_RULE_CHAIN, chain);
        writer.PutUInt64BigEndian(NfTablesH.NFTA_RULE_HANDLE, handle);
        RuleRecord? rule = Find<RuleRecord>(
            writer.Finish(), $"look up rule {handle} of chain {family.ToWord()} {table} {chain}", NetfilterParser.TryParseRule);
        return rule is null ? null : Describe(rule, NewContext(withState: false));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _devices.Dispose();
    }

    private List<T> Dump<T>(byte type, string attempt, NetlinkSocket.MessageParser<T> parse)
    {
        byte[] buffer = new byte[NfTablesMessages.Size];
        NetlinkWriter writer = NfTablesMessages.Begin(buffer, type, NetfilterFamily.None);
        return _socket.Dump(writer.Finish(), new NetlinkRequest(attempt, NfTablesAdvice.Of), parse);
    }

    private T? Find<T>(Span<byte> message, string attempt, NetlinkSocket.MessageParser<T> parse)
        where T : class
    {
        try
        {
            return _socket.TryGet(message, new NetlinkRequest(attempt, NfTablesAdvice.Of), parse, out T found) ? found : null;
        }
        catch (NetlinkException failure) when (failure.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private RuleContext NewContext(bool withState)
    {
        Dictionary<(NetfilterFamily, string, string), SetRecord?> sets = [];
        return new RuleContext(
            index => _devices.Links.List().FirstOrDefault(link => link.Index.Value == index)?.Name,
            (family, table, name) =>
            {
                if (!sets.TryGetValue((family, table, name), out SetRecord? set))
                {
                    set = FindSet(family, table, name);
                    sets[(family, table, name)] = set;
                }

                return set;
            },
            withState);
    }

    private SetRecord? FindSet(NetfilterFamily family, string table, string name)
    {
        byte[] buffer = new byte[NfTablesMessages.Size];
        NetlinkWriter writer = NfTablesMessages.Begin(buffer, NfTablesH.NFT_MSG_GETSET, family);
        writer.PutText(NfTablesH.NFTA_SET_TABLE, table);
        writer.PutText(NfTablesH.NFTA_SET_NAME, name);
        SetRecord? set = Find<SetRecord>(writer.Finish(), $"look up set {family.ToWord()} {table} {name}", SetParser.TryParseSet);
        if (set is null || (set.Flags & NfTablesH.NFT_SET_ANONYMOUS) == 0)
        {
            return set;
        }

        writer = NfTablesMessages.Begin(buffer, NfTablesH.NFT_MSG_GETSETELEM, family);
        writer.PutText(NfTablesH.NFTA_SET_ELEM_LIST_TABLE, table);
        writer.PutText(NfTablesH.NFTA_SET_ELEM_LIST_SET, name);
        NetlinkRequest request = new($"list elements of set {family.ToWord()} {table} {name}", NfTablesAdvice.Of);
        List<List<SetElement>> parts = _socket.Dump<List<SetElement>>(writer.Finish(), request, SetParser.TryParseElements);
        return set with { Elements = [.. parts.SelectMany(static part => part)] };
    }

    private static NetfilterRule Describe(RuleRecord rule, RuleContext context) => new()
    {
        Family = rule.Family,
        Table = rule.Table,
        Chain = rule.Chain,
        Handle = rule.Handle,
        Text = RuleText.Of(rule, context),
        Counted = rule.Expressions.FirstOrDefault(static expression => expression.Name == "counter") is { } counter
            ? (counter.Long(NfTablesH.NFTA_COUNTER_PACKETS), counter.Long(NfTablesH.NFTA_COUNTER_BYTES))
            : null,
    };
}
