using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>Reads the messages of the trace group.</summary>
internal static class TraceStepParser
{
    // Since 6.16, and not in the headers of the oldest system that this is built on.
    private const ushort ConntrackId = 18;

    public static void Parse(ReadOnlySpan<byte> datagram, List<TraceStep> into)
    {
        NetlinkMessages messages = new(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            if (TryParse(message, out TraceStep step))
            {
                into.Add(step);
            }
        }
    }

    public static bool TryParse(NetlinkMessage message, out TraceStep step)
    {
        step = null!;
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_TRACE, out NetfilterFamily family, out NetlinkReader attributes))
        {
            return false;
        }

        step = new TraceStep { Id = 0, Family = family, Type = TraceStepType.None, Table = "", Chain = "" };
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            step = With(step, attribute);
        }

        // At the end of a base chain newer kernels (seen on 6.18) tell of a rule without a handle, where there is none; nft passes over it too.
        return step.Type != TraceStepType.None && step.Table.Length > 0 && (step.Type != TraceStepType.Rule || step.RuleHandle != 0);
    }

    private static TraceStep With(TraceStep step, NetlinkAttribute attribute) => attribute.Type switch
    {
        NfTablesH.NFTA_TRACE_TABLE => step with { Table = attribute.AsText() },
        NfTablesH.NFTA_TRACE_CHAIN => step with { Chain = attribute.AsText() },
        NfTablesH.NFTA_TRACE_RULE_HANDLE => step with { RuleHandle = attribute.AsUInt64BigEndian() },
        NfTablesH.NFTA_TRACE_TYPE => step with { Type = (TraceStepType)attribute.AsUInt32BigEndian() },
        NfTablesH.NFTA_TRACE_VERDICT => step with { Verdict = NetfilterVerdict.Parse(attribute.Nested) },
        NfTablesH.NFTA_TRACE_POLICY => step with { Verdict = new NetfilterVerdict((int)attribute.AsUInt32BigEndian()) },
        NfTablesH.NFTA_TRACE_ID => step with { Id = attribute.AsUInt32BigEndian() },
        NfTablesH.NFTA_TRACE_LL_HEADER => step with { LinkHeader = attribute.Payload.ToArray() },
        NfTablesH.NFTA_TRACE_NETWORK_HEADER => step with { NetworkHeader = attribute.Payload.ToArray() },
        NfTablesH.NFTA_TRACE_TRANSPORT_HEADER => step with { TransportHeader = attribute.Payload.ToArray() },
        NfTablesH.NFTA_TRACE_IIF => step with { In = new IfIndex((int)attribute.AsUInt32BigEndian()) },
        NfTablesH.NFTA_TRACE_OIF => step with { Out = new IfIndex((int)attribute.AsUInt32BigEndian()) },
        NfTablesH.NFTA_TRACE_MARK => step with { Mark = attribute.AsUInt32BigEndian() },
        ConntrackId => step with { ConntrackId = attribute.AsUInt32BigEndian() },
        _ => step,
    };
}
