using Weft.Abi;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Events.Hops;
using Weft.Packets;

namespace Weft.Cli.Trace;

/// <summary>Has the node that denied a packet say which policies did, and what comes nearest to allowing it.</summary>
internal static class PolicyCulprit
{
    /// <summary>The same result, with more words where policy is to blame and the node's policies still say so.</summary>
    public static async Task<TraceResult> ExplainAsync(TraceResult result, IEnumerable<TraceNode> nodes, CancellationToken cancellationToken)
    {
        if (result.Diagnosis.Culprit is not { Kind: CulpritKind.Policy, Hop: { } hop } culprit
            || hop.Seen.Program?.Drop is not (DropReason.Policy or DropReason.PolicyDeny)
            || nodes.FirstOrDefault(node => node.Name == culprit.Node && node.Fault is null) is not { } node
            || RequestOf(hop.Seen.Facts, isReply: culprit.Direction != WayDirection.Request) is not { } request)
        {
            return result;
        }

        try
        {
            PolicyWhyAnswer answer = await node.Agent.ExplainPolicyAsync(request, cancellationToken);
            return answer.Flows is [{ IsAllowed: false } flow]
                ? result with
                {
                    Diagnosis = result.Diagnosis with
                    {
                        Explanation = $"{result.Diagnosis.Explanation} {WordsOf(flow)}",
                        Advice = $"See the whole, and a document that would allow it: 'weft policy why {request.Source} {EndOf(request)}'.",
                    },
                }
                : result;
        }
        catch (Exception error) when (error is AgentUnreachableException or AgentApiException or InvalidDataException)
        {
            // What was seen stands without it.
            return result;
        }
    }

    private static PolicyWhyRequest? RequestOf(PacketFacts facts, bool isReply)
    {
        string? protocol = facts.Protocol switch
        {
            IPProtocol.Tcp => PolicyWhyRequest.Tcp,
            IPProtocol.Udp => PolicyWhyRequest.Udp,
            IPProtocol.Icmpv4 or IPProtocol.Icmpv6 when isReply || facts.IsEchoRequest => PolicyWhyRequest.Icmp,
            _ => null,
        };
        (string? source, string? destination) = (facts.Source?.ToString(), facts.Destination?.ToString());
        return protocol is null || source is null || destination is null ? null : new PolicyWhyRequest
        {
            Source = isReply ? destination : source,
            Destination = isReply ? source : destination,
            Protocol = protocol,
            Port = protocol == PolicyWhyRequest.Icmp ? null : (ushort?)(isReply ? facts.SourcePort : facts.DestinationPort),
        };
    }

    private static string EndOf(PolicyWhyRequest request)
    {
        string address = request.Destination.Contains(':', StringComparison.Ordinal) ? $"[{request.Destination}]" : request.Destination;
        return $"{address}{(request.Port is { } port ? $":{port}" : "")}/{request.Protocol}";
    }

    private static string WordsOf(PolicyFlowVerdict flow)
    {
        (string Name, PolicyFlowEnd End, PolicySide Side)[] sides = [("Egress", flow.Source, flow.Egress), ("Ingress", flow.Destination, flow.Ingress)];
        return string.Join(' ', sides.Where(side => side.Side.Verdict is PolicySide.DeniedByRule or PolicySide.DeniedByDefault)
            .Select(side => $"{side.Name} of {side.End.Name} is {side.Side.Reason}{NearestOf(side.Side)}."));
    }

    private static string NearestOf(PolicySide side) => side.Nearest is not { } nearest ? "" : $"; nearest is {nearest.Rule}: "
        + string.Join("; ", nearest.Differences.Select(difference => $"{difference.Field} is {difference.Actual}, line {difference.Place.Line} wants {difference.Written}"));
}
