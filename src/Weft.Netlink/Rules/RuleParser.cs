using System.Net;
using Weft.Netlink.Routes;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Rules;

/// <summary>Reads RTM_NEWRULE of IPv4 and IPv6. Rules that do something else than look into a table are passed over.</summary>
internal static class RuleParser
{
    public static bool TryParse(NetlinkMessage message, out RoutingRule rule)
    {
        rule = null!;
        if (message.Type is not (RtNetlinkH.RTM_NEWRULE or RtNetlinkH.RTM_DELRULE)
            || !message.TryReadFixed(out RtMsg header, out NetlinkReader attributes)
            || header.Family is not (SocketH.AF_INET or SocketH.AF_INET6)
            || header.Type != FibRules.FR_ACT_TO_TBL)
        {
            return false;
        }

        // The kernel leaves FRA_PRIORITY out for 0.
        RoutingRule parsed = new()
        {
            IsIPv6 = header.Family == SocketH.AF_INET6,
            Priority = 0,
            Table = new RouteTableId(header.Table),
        };
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            parsed = Apply(parsed, header, attribute);
        }

        rule = parsed;
        return true;
    }

    private static RoutingRule Apply(RoutingRule rule, RtMsg header, NetlinkAttribute attribute) => attribute.Type switch
    {
        FibRules.FRA_PRIORITY => rule with { Priority = attribute.AsUInt32() },
        FibRules.FRA_TABLE => rule with { Table = new RouteTableId(attribute.AsUInt32()) },
        FibRules.FRA_SRC => rule with { From = Network(attribute, header.Family, header.SourceLength) },
        FibRules.FRA_DST => rule with { To = Network(attribute, header.Family, header.DestinationLength) },
        FibRules.FRA_FWMARK => rule with { Mark = attribute.AsUInt32() },
        FibRules.FRA_FWMASK => rule with { MarkMask = attribute.AsUInt32() is var mask and not uint.MaxValue ? mask : null },
        FibRules.FRA_IIFNAME => rule with { InputDevice = attribute.AsText() },
        _ => rule,
    };

    private static IPNetwork? Network(NetlinkAttribute attribute, byte family, byte prefixLength) =>
        attribute.AsIPAddress() is { } address && IpFamily.Of(address) == family ? IpFamily.TryNetwork(address, prefixLength) : null;
}
