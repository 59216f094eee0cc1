using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Weft.Abi;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>The way of one packet in one line of words.</summary>
/// <remarks>
/// <code>
/// default/cni-6vf5d → default/cni-j22kt ICMP echo request 1: left by weft_vxlan on bpf1 with identity 51456, delivered on bpf2 after 210 µs
/// default/cni-6vf5d → default/cni-j22kt TCP 4242 → 80 SYN: egress allowed by NetworkPolicy … on bpf1, ingress denied on bpf2: no rule allows it, dropped on …
/// 10.9.9.9 → default/cni-j22kt UDP 4000 → 53: dropped on bpf1 after 12 µs: Invalid source ip (pod.bpf.c:42)
/// </code>
/// </remarks>
public static class JoinedPacketText
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <param name="packet">The packet.</param>
    /// <param name="nameOf">What an address is called; null: it has no name.</param>
    public static string Line(JoinedPacket packet, Func<IPAddress, string?> nameOf)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(nameOf);
        Sighting first = packet.Seen[0];
        List<string> parts = [];
        Sighting? before = null;
        foreach (Sighting seen in packet.Seen)
        {
            if (before is not null && Translation(before, seen, nameOf) is { } translated)
            {
                parts.Add(translated);
            }

            if (Part(packet, seen, nameOf) is { } part)
            {
                parts.Add(part);
            }

            before = seen;
        }

        if (!packet.IsFinished)
        {
            parts.Add(Unfinished(packet.Seen[^1], nameOf));
        }

        return $"{What(first, nameOf)}: {string.Join(", ", parts.Distinct())}";
    }

    private static string What(Sighting seen, Func<IPAddress, string?> nameOf)
    {
        PacketFacts facts = seen.Facts;
        return facts.Source is null || facts.Destination is null
            ? Summary(seen)
            : $"{NameOf(facts.Source, nameOf)} → {NameOf(facts.Destination, nameOf)} {Content(seen)}";
    }

    private static string NameOf(IPAddress address, Func<IPAddress, string?> nameOf) => nameOf(address) ?? address.ToString();

    private static string Content(Sighting seen)
    {
        PacketFacts facts = seen.Facts;
        string text = facts switch
        {
            { EchoSequence: { } sequence } => Invariant($"ICMP echo {(facts.IsEchoRequest ? "request" : "reply")} {sequence}"),
            { Icmp: { } icmp } => icmp.Replace("icmp", "ICMP", StringComparison.Ordinal),
            { Protocol: IPProtocol.Tcp, SourcePort: not null } => Invariant($"TCP {facts.SourcePort} → {facts.DestinationPort} {facts.TcpFlagsText}"),
            { Protocol: IPProtocol.Udp, SourcePort: not null } => Invariant($"UDP {facts.SourcePort} → {facts.DestinationPort}"),
            _ => facts.Protocol is { } protocol ? Invariant($"{protocol}").ToUpperInvariant() : "packet",
        };
        return Application(seen) is { } application ? $"{text} {application}" : text;
    }

    private static string? Application(Sighting seen)
    {
        LayerReader layers = Layers(seen);
        while (layers.Next())
        {
            if (ApplicationText.IsApplication(layers.Kind))
            {
                ArrayBufferWriter<byte> text = new();
                ApplicationText.Write(layers.Kind, layers.Data, layers.IsTruncated || layers.IsQuoted, new Utf8Output(text));
                return Encoding.UTF8.GetString(text.WrittenSpan);
            }
        }

        return null;
    }

    private static string Summary(Sighting seen)
    {
        ArrayBufferWriter<byte> text = new();
        PacketSummary.Write(Layers(seen), new Utf8Output(text));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static LayerReader Layers(Sighting seen) => new(
        seen.Bytes.Span, seen.HasEthernet ? LayerKind.Ethernet : seen.Bytes.Span is [>= 0x60 and < 0x70, ..] ? LayerKind.IPv6 : LayerKind.IPv4);

    /// <summary>Null: nothing that a reader would miss.</summary>
    private static string? Part(JoinedPacket packet, Sighting seen, Func<IPAddress, string?> nameOf) => seen.Program switch
    {
        { Judgement: { } judgement } => Judged(seen, judgement),
        { Drop: { } reason } program => $"dropped on {seen.Node}{After(packet, seen)}: {DropReasons.Text(reason)} ({program.DropPlace})",
        { Point: TracePoint.ToOverlay } program when program.SourceIdentity != 0 =>
            Invariant($"left by {program.Device ?? "the overlay"} on {seen.Node} with identity {program.SourceIdentity}"),
        { Point: TracePoint.ToEndpoint } program =>
            $"delivered {(IsNamed(seen, nameOf) ? "" : Invariant($"to endpoint {program.Endpoint} "))}on {seen.Node}{After(packet, seen)}",
        { Point: TracePoint.ToHost } => $"given to node {seen.Node} itself{After(packet, seen)}",
        { Point: TracePoint.ToStack } => $"handed to the network stack of {seen.Node}",
        { Point: TracePoint.ToProxy } => $"handed to the proxy of {seen.Node}{After(packet, seen)}",
        { Point: TracePoint.ToNetwork } program when seen.Facts.Vni is null => $"left {seen.Node} by {program.Device ?? "its underlay device"}{After(packet, seen)}",
        _ => null,
    };

    private static string Judged(Sighting seen, PolicyJudgement judgement)
    {
        PolicyRecord verdict = judgement.Verdict;
        string action = (PolicyVerdictCode)verdict.Header.Subtype == PolicyVerdictCode.Allowed ? "allowed" : "denied";
        string by = judgement.Rule is { } rule ? $" by {rule}" : "";
        string pass = (verdict.Flags & PolicyEventFlags.Audit) != 0 ? ", but let pass for audit" : "";
        string before = (verdict.Flags & PolicyEventFlags.Revised) != 0 ? ", flow was there before" : "";
        return $"{PolicyNames.Direction(verdict)} {action}{by} on {seen.Node}{(by.Length == 0 ? $": {PolicyNames.WithoutRule(verdict)}" : "")}{pass}{before}";
    }

    private static bool IsNamed(Sighting seen, Func<IPAddress, string?> nameOf) => seen.Facts.Destination is { } destination && nameOf(destination) is not null;

    private static string? Translation(Sighting before, Sighting now, Func<IPAddress, string?> nameOf)
    {
        (FlowKey? was, FlowKey? flow) = (before.Facts.Flow, now.Facts.Flow);
        if (was is null || flow is null || was == flow || before.Facts.Quoted is not null)
        {
            return null;
        }

        string? destination = was.Destination.Equals(flow.Destination) && was.DestinationPort == flow.DestinationPort
            ? null : $"destination translated to {End(flow.Destination, flow.DestinationPort, nameOf)}";
        string? source = was.Source.Equals(flow.Source) && was.SourcePort == flow.SourcePort
            ? null : $"source translated to {End(flow.Source, flow.SourcePort, nameOf)}";
        return $"{string.Join(" and ", new[] { destination, source }.OfType<string>())} on {now.Node}";
    }

    private static string End(IPAddress address, int port, Func<IPAddress, string?> nameOf) =>
        Invariant($"{NameOf(address, nameOf)} port {port}");

    private static string Unfinished(Sighting last, Func<IPAddress, string?> nameOf)
    {
        if (last.Program?.Point == TracePoint.ToNetwork && last.Facts is { Vni: not null, OuterDestination: { } peer })
        {
            return $"sent through the tunnel to {NameOf(peer, nameOf)}, which has not told of it";
        }

        if (last.Facts.Source is null)
        {
            // ARP from a pod is answered by the program that gets it, or dropped.
            return $"taken by the datapath on {last.Node}";
        }

        string where = last.Program switch
        {
            { Point: { } point } => TraceNames.Point(point),
            { Judgement: not null } => "a policy verdict",
            _ => "a drop",
        };
        return $"not seen any further than {where} on {last.Node}";
    }

    /// <summary>Since the packet was seen first; nothing where two clocks would have to be compared, or it has only just been seen.</summary>
    private static string After(JoinedPacket packet, Sighting seen)
    {
        Sighting first = packet.HasOneClock ? packet.Seen[0] : packet.Seen.First(other => other.Node == seen.Node);
        double microseconds = (seen.Time - first.Time) / NanosecondsPerMicrosecond;
        return (!packet.HasOneClock && first.Node != packet.Seen[0].Node) || ReferenceEquals(first, seen) ? ""
            : microseconds < 10_000 ? Invariant($" after {microseconds:0} µs") : Invariant($" after {microseconds / 1000:0} ms");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
