using Weft.Abi;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>Words for verdicts of policies, as users of Cilium know them.</summary>
public static class PolicyNames
{
    private const byte AnyPort = 8;

    /// <summary>What became of the packet.</summary>
    public static string Action(in PolicyRecord verdict) => (verdict.Flags & PolicyEventFlags.Audit) != 0 ? "audit"
        : (PolicyVerdictCode)verdict.Header.Subtype switch
        {
            PolicyVerdictCode.Allowed => "allow",
            PolicyVerdictCode.DeniedByDefault or PolicyVerdictCode.DeniedByRule => "deny",
            _ => "unknown",
        };

    /// <summary>Which of peer (L3), protocol and port (L4) what decided is about.</summary>
    public static string Match(in PolicyRecord verdict)
    {
        bool isAnybody = (verdict.Flags & PolicyEventFlags.Anybody) != 0;
        return (verdict.Flags & PolicyEventFlags.ByNobody) != 0 ? "none" : verdict.Narrow switch
        {
            0 => isAnybody ? "all" : "L3-Only",
            <= AnyPort => isAnybody ? "Proto-Only" : "L3-Proto",
            _ => isAnybody ? "L4-Only" : "L3-L4",
        };
    }

    /// <summary>Of the flow's first packet, from the side of the endpoint that judged.</summary>
    public static string Direction(in PolicyRecord verdict) => verdict.Direction switch
    {
        MetricDirection.Ingress => "ingress",
        MetricDirection.Egress => "egress",
        _ => "unknown",
    };

    /// <summary>The rule that decided or that there is none, and whether the flow is older than the policy: the end of a sentence.</summary>
    public static void WriteReason(in PolicyRecord verdict, EventNames names, Utf8Output text)
    {
        if (verdict.Rule != 0)
        {
            text.Write("by "u8);
            names.WriteRule(verdict.Rule, text);
        }
        else
        {
            text.Write(WithoutRule(verdict));
        }

        if ((verdict.Flags & PolicyEventFlags.Revised) != 0)
        {
            text.Write(", flow was there before"u8);
        }
    }

    /// <summary>Why it is as it is where no rule decided.</summary>
    internal static string WithoutRule(in PolicyRecord verdict) =>
        (PolicyVerdictCode)verdict.Header.Subtype == PolicyVerdictCode.Allowed ? "no rule denies it" : "no rule allows it";
}
