using System.Net;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Rules;

/// <summary>The rules of a network namespace that choose a routing table for each packet.</summary>
public sealed class RuleTable
{
    private const uint HighestTableOfHeader = 255;
    private readonly NetlinkSocket _socket;

    internal RuleTable(NetlinkSocket socket) => _socket = socket;

    /// <summary>IPv4 rules, then IPv6 ones, each in the order in which they are asked.</summary>
    public IReadOnlyList<RoutingRule> List() => [.. List(SocketH.AF_INET), .. List(SocketH.AF_INET6)];

    /// <summary>Adds a rule. The kernel takes one that differs from another in nothing but its priority.</summary>
    public void Add(RoutingRule rule)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWRULE, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL);
        Put(ref writer, rule);
        _socket.Execute(writer.Finish(), new NetlinkRequest($"add rule {rule}", Advise));
    }

    /// <summary>Removes the first rule that fits all that is given.</summary>
    /// <returns>False if there is none.</returns>
    public bool Delete(RoutingRule rule)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELRULE, 0);
        Put(ref writer, rule);
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete rule {rule}"));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    private List<RoutingRule> List(byte family)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETRULE, 0);
        writer.PutFixed(new RtMsg { Family = family });
        return _socket.Dump<RoutingRule>(writer.Finish(), new NetlinkRequest("list rules"), RuleParser.TryParse);
    }

    private static void Put(ref NetlinkWriter writer, RoutingRule rule)
    {
        writer.PutFixed(new RtMsg
        {
            Family = rule.IsIPv6 ? SocketH.AF_INET6 : SocketH.AF_INET,
            SourceLength = (byte)(rule.From?.PrefixLength ?? 0),
            DestinationLength = (byte)(rule.To?.PrefixLength ?? 0),
            Table = rule.Table.Value <= HighestTableOfHeader ? (byte)rule.Table.Value : (byte)0,
            Type = FibRules.FR_ACT_TO_TBL,
        });
        writer.PutUInt32(FibRules.FRA_TABLE, rule.Table.Value);
        PutNetwork(ref writer, FibRules.FRA_SRC, rule.From);
        PutNetwork(ref writer, FibRules.FRA_DST, rule.To);
        if (rule.Priority is { } priority)
        {
            writer.PutUInt32(FibRules.FRA_PRIORITY, priority);
        }

        if (rule.Mark is { } mark)
        {
            writer.PutUInt32(FibRules.FRA_FWMARK, mark);
            writer.PutUInt32(FibRules.FRA_FWMASK, rule.MarkMask ?? uint.MaxValue);
        }

        if (rule.InputDevice is { } device)
        {
            writer.PutText(FibRules.FRA_IIFNAME, device);
        }
    }

    private static void PutNetwork(ref NetlinkWriter writer, ushort type, IPNetwork? network)
    {
        if (network is { PrefixLength: > 0 } given)
        {
            writer.PutIPAddress(type, given.BaseAddress);
        }
    }

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.EEXIST => "there is such a rule with the same priority",
        Errno.EINVAL => "are its addresses of the rule's IP version?",
        _ => null,
    };
}
