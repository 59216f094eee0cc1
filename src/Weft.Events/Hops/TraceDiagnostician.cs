using System.Globalization;
using Weft.Packets;

namespace Weft.Events.Hops;

/// <summary>Says in words what became of a packet, and names who is to blame where it did not arrive.</summary>
/// <remarks>It blames by what was seen: a drop before everything else, then the place where the packet should have been seen next.</remarks>
public static class TraceDiagnostician
{
    public static TraceDiagnosis Diagnose(TraceFindings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        if (findings.Request is not { } request)
        {
            return NeverSeen(findings);
        }

        if (request.Drop is { } drop)
        {
            return Dropped(findings, request, drop);
        }

        if (findings.SenderOutcome == "answered" || (findings.SenderOutcome is null && findings.Reply is { IsDelivered: true, Drop: null }))
        {
            return Answered(findings, request);
        }

        if (findings.Reply is { } reply)
        {
            return IsRefusal(reply) && reply.Drop is null && findings.SenderOutcome is null or "refused" ? Refused(findings, request)
                : reply.Drop is { } lost ? Dropped(findings, reply, lost)
                : Vanished(findings, reply);
        }

        if (findings.SenderOutcome == "refused")
        {
            return Refused(findings, request);
        }

        return findings.Error is not null || findings.SenderOutcome == "unreachable" ? Unreachable(findings, request)
            : request.IsDelivered || IsAtPod(request) ? Unanswered(request)
            : Vanished(findings, request);
    }

    /// <summary>The same for a packet of somebody else's traffic: nobody knows whether it wants an answer.</summary>
    public static TraceDiagnosis DiagnoseSeen(TraceFindings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        PacketWay? request = findings.Request;
        if (request is null || request.Drop is not null || !HasArrived(request) || findings.Reply is { } reply && (reply.Drop is not null || IsRefusal(reply) || !HasArrived(reply)))
        {
            return Diagnose(findings);
        }

        return findings.Reply is not null ? Answered(findings, request)
            : findings.Error is not null ? Unreachable(findings, request)
            : new(TraceDiagnosis.Delivered, null, $"The packet passed {Count(request)} and {EndOf(request)}; no packet of its flow came back in time.{Unseen(findings)}", null);
    }

    /// <summary>A packet that was lost on the wire where a smaller one, sent after it, was answered.</summary>
    /// <param name="lost">Where the large one was seen last.</param>
    /// <param name="smallSize">Bytes that the small one carried.</param>
    public static TraceDiagnosis BlameMtu(TraceDiagnosis diagnosis, Hop lost, int smallSize)
    {
        ArgumentNullException.ThrowIfNull(diagnosis);
        ArgumentNullException.ThrowIfNull(lost);
        return diagnosis with
        {
            Culprit = diagnosis.Culprit! with { Kind = CulpritKind.Mtu },
            Explanation = diagnosis.Explanation.TrimEnd('.') + string.Create(
                CultureInfo.InvariantCulture, $". A packet with {smallSize} bytes is answered: some link between the nodes takes less than {lost.Seen.Length} bytes."),
            Advice = "Give all links between the nodes the same MTU, or the agents the smallest ('ip link' on the nodes and switches; the agent reads it from the node's device at its start).",
        };
    }

    private static TraceDiagnosis NeverSeen(TraceFindings findings)
    {
        string told = findings.SenderDetail is { } detail ? $": its kernel said '{detail}'" : "";
        if (findings.SenderOutcome == "refused")
        {
            return new(
                TraceDiagnosis.NotSent, new Culprit(CulpritKind.NoBackend, null, WayDirection.Request, null),
                "The connection was refused at the sender's socket, before a packet was made: the translation of services found no backend for it.",
                "See the service's backends and whether they are ready ('weft service list').");
        }

        string kind = findings.SenderOutcome == "unreachable" ? CulpritKind.NoRoute : CulpritKind.NotSent;
        return findings.SenderOutcome is "unreachable" or "not-sent"
            ? new(
                TraceDiagnosis.NotSent, new Culprit(kind, null, WayDirection.Request, null), $"The packet never left the sender{told}.",
                kind == CulpritKind.NoRoute
                    ? "Look at the sender's routes ('ip route get DESTINATION' there): a pod needs its default route by the node's router."
                    : "Look at what the sender's kernel said: the rules of its own firewall, or its limits.")
            : new(
                TraceDiagnosis.NotSent, new Culprit(CulpritKind.NotSent, null, WayDirection.Request, null),
                $"No hop of the packet was seen on any node{told}.{Unseen(findings)}",
                "See whether the agents of the nodes run ('weft status'), and whether the sender is on one of them.");
    }

    private static TraceDiagnosis Answered(TraceFindings findings, PacketWay request)
    {
        string way = findings.Reply is { } reply
            ? $"The request passed {Count(request)} and {EndOf(request)}; the answer passed {Count(reply)} and came back."
            : $"The request passed {Count(request)} and {EndOf(request)}; the sender has its answer.";
        return new(TraceDiagnosis.Answered, null, way + Unseen(findings), null);
    }

    private static TraceDiagnosis Refused(TraceFindings findings, PacketWay request)
    {
        Hop last = request.Last;
        return new(
            TraceDiagnosis.Refused, new Culprit(CulpritKind.NoListener, last.Seen.Node, WayDirection.Request, last),
            $"The packet arrived at {Place(last)}, where nobody listens on {PortOf(request)}; the answer that says so came back.{Unseen(findings)}",
            "Start the program that should listen, or see at what address and port it does ('ss -lnp' in the pod).");
    }

    private static TraceDiagnosis Unreachable(TraceFindings findings, PacketWay request)
    {
        PacketWay? error = findings.Error;
        string said = findings.SenderDetail ?? error?.Packet.Icmp ?? "unreachable";
        string kind = said.Contains("TimeExceeded", StringComparison.OrdinalIgnoreCase) ? CulpritKind.Ttl
            : said.Contains("code 4", StringComparison.Ordinal) || said.Contains("TooBig", StringComparison.OrdinalIgnoreCase) ? CulpritKind.Mtu
            : CulpritKind.NoRoute;
        return new(
            TraceDiagnosis.Unreachable, new Culprit(kind, error?.Hops[0].Seen.Node ?? request.Last.Seen.Node, WayDirection.Request, request.Last),
            $"The packet went as far as {Place(request.Last)}; from there an error came back: {said}.{Unseen(findings)}", AdviceFor(kind));
    }

    private static TraceDiagnosis Unanswered(PacketWay request) => new(
        TraceDiagnosis.Delivered, new Culprit(CulpritKind.Unanswered, request.Last.Seen.Node, WayDirection.Request, request.Last),
        $"The packet arrived at {Place(request.Last)}; no answer was sent.",
        "The network did its work. See whether the program there is alive and means to answer.");

    private static TraceDiagnosis Dropped(TraceFindings findings, PacketWay way, Hop drop)
    {
        Verdict verdict = IsMissing(findings, drop) ? DropVerdicts.MissingEndpoint
            : drop.Kind == HopKind.ProgramDrop ? DropVerdicts.OfProgram(way, drop)
            : DropVerdicts.OfKernel(way, drop);
        if (verdict.Kind == CulpritKind.NoListener && way.Direction == WayDirection.Request && findings.SenderOutcome is null or "refused")
        {
            return Refused(findings, way);
        }

        string what = way.Direction == WayDirection.Request ? "The packet" : "The packet arrived, but its answer";
        return new(
            TraceDiagnosis.Lost, new Culprit(verdict.Kind, drop.Seen.Node, way.Direction, drop),
            $"{what} was dropped at {Place(drop)}: {verdict.Reason}.", verdict.Advice);
    }

    /// <summary>The datapath does not know a pod that the agent of its node does.</summary>
    private static bool IsMissing(TraceFindings findings, Hop drop) => drop.Seen.Program?.Drop == Abi.DropReason.NoLocalEndpoint
        && drop.Seen.Facts.Destination is { } pod && findings.Pods.GetValueOrDefault(pod) == drop.Seen.Node;

    private static TraceDiagnosis Vanished(TraceFindings findings, PacketWay way)
    {
        Hop last = way.Last;
        string what = way.Direction == WayDirection.Request ? "The packet" : "The packet arrived, and its answer";
        bool isReply = way.Direction != WayDirection.Request;
        if (last.Kind == HopKind.Send && last.Seen.Facts.OuterDestination is { } remote && last.Seen.Device is not "weft_vxlan")
        {
            string to = findings.Nodes.GetValueOrDefault(remote) ?? remote.ToString();
            if (findings.Silent.TryGetValue(to, out string? fault))
            {
                return new(
                    TraceDiagnosis.Lost, new Culprit(CulpritKind.NodeDown, to, way.Direction, last),
                    $"{what} left {last.Seen.Node} by {last.Seen.Device} for node {to} ({remote}), of which nothing is known: {fault}.",
                    $"See whether node {to} is up, and whether its agent runs; the datapath forwards without it, so a trace there needs it, the packets do not.");
            }

            return findings.Traced.Contains(to)
                ? new(
                    TraceDiagnosis.Lost, new Culprit(CulpritKind.NotOnWire, null, way.Direction, last),
                    $"{what} left {last.Seen.Node} by {last.Seen.Device} in VXLAN for node {to} ({remote}), whose {last.Seen.Device} never received it: it was lost between the nodes"
                    + (isReply ? ", and only in this direction." : "."),
                    $"Look at what is between them: a firewall of the network on UDP port {last.Seen.Facts.OuterPorts?.Destination}, an MTU below {last.Seen.Length} bytes, a link or bridge that is down.")
                : new(
                    TraceDiagnosis.Lost, new Culprit(CulpritKind.StaleIpcache, last.Seen.Node, way.Direction, last),
                    $"{what} left {last.Seen.Node} by {last.Seen.Device} in VXLAN for {remote}, which is no node that this trace knows.",
                    "See where the ipcache of that node says the address is ('weft bpf ipcache list'), and which nodes there are ('weft node list').");
        }

        string culprit = isReply ? CulpritKind.ReplyLost : CulpritKind.NotOnWire;
        return new(
            TraceDiagnosis.Lost, new Culprit(culprit, last.Seen.Node, way.Direction, last),
            $"{what} was last seen at {Place(last)}; nobody told of dropping it, and nothing came back.{Unseen(findings)}",
            "See what is behind that place: a host or network without an agent, or a queue that has it still.");
    }

    private static string EndOf(PacketWay way) =>
        way.IsDelivered || IsAtPod(way) ? $"arrived at {Place(way.Last)}" : $"left the nodes that tell of it at {Place(way.Last)}";

    /// <summary>At a pod, at the node's stack, or out of what the nodes can see.</summary>
    private static bool HasArrived(PacketWay way) => way.IsDelivered || IsAtPod(way)
        || way.Last is { Kind: HopKind.Program, Seen.Program.Point: Abi.TracePoint.ToStack }
        || way.Last is { Kind: HopKind.Send, Seen: { Facts.Vni: null, Device: not "weft_vxlan" } };

    private static bool IsRefusal(PacketWay reply) => (reply.Packet.TcpFlags & TcpFlags.Rst) != 0;

    private static bool IsAtPod(PacketWay way) => way.Last is { Kind: HopKind.Program, Seen.Program.Point: Abi.TracePoint.ToEndpoint };

    private static string PortOf(PacketWay way) => way.Last.Seen.Facts is { DestinationPort: { } port, Protocol: { } protocol }
        ? string.Create(CultureInfo.InvariantCulture, $"{protocol.ToString().ToLowerInvariant()} port {port}")
        : "that port";

    private static string Count(PacketWay way) => string.Create(CultureInfo.InvariantCulture, $"{way.Hops.Count} hops on {string.Join(" and ", way.Hops.Select(hop => hop.Seen.Node).Distinct())}");

    private static string Unseen(TraceFindings findings) =>
        (findings.Silent.Count > 0 ? $" Not seen: {string.Join("; ", findings.Silent.Select(node => $"{node.Key} ({node.Value})"))}." : "")
        + (findings.Lost > 0 ? string.Create(CultureInfo.InvariantCulture, $" {findings.Lost} records were lost, so hops may be missing.") : "");

    internal static string? AdviceFor(string kind) => kind switch
    {
        CulpritKind.Ttl => "Send with a larger TTL; if it was not small, there is a loop: compare the nodes' ipcaches.",
        CulpritKind.Mtu => "Send smaller packets, or give the pod's route the overlay's MTU ('ip route' in the pod, 'weft status --verbose').",
        CulpritKind.NoRoute => "Look at the routes of the node that said so ('ip route get DESTINATION' there).",
        _ => null,
    };

    /// <summary>A hop in words.</summary>
    public static string Place(Hop hop)
    {
        ArgumentNullException.ThrowIfNull(hop);
        string where = hop.Namespace is { Length: > 0 } pod ? $"{hop.Seen.Node}, in pod {pod}" : hop.Seen.Node;
        string device = hop.Seen.Device ?? hop.Seen.Program?.Device ?? "";
        return hop.Kind switch
        {
            HopKind.Program or HopKind.ProgramDrop => $"{where}, in {hop.Function ?? "the datapath"}{(hop.Seen.Program?.DropPlace is { } place ? $" ({place})" : "")}",
            HopKind.Socket => $"{where}, read by {hop.Function}",
            HopKind.Kernel or HopKind.KernelDrop => $"{where}, in {hop.Function ?? "the kernel"}{(device.Length > 0 ? $" on {device}" : "")}",
            _ => $"{where}, {device}",
        };
    }
}
