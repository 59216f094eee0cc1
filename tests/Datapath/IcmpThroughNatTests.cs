using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>ICMP errors about translated flows: the packet and what it quotes name what each side knows, checksums right.</summary>
public sealed class IcmpThroughNatTests(DatapathFixture datapath) : NodeTest(datapath)
{
    private static readonly WeftAddress s_hop = WeftAddress.Parse("198.51.100.1");
    private static readonly WeftAddress s_hop6 = WeftAddress.Parse("2001:db8:51::1");

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_routers_error_reaches_the_pod_and_quotes_what_the_pod_sent(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried, 5000);
        Datapath.FromPod(sent.ToArray());
        Segment translated = Translated(sent);
        Segment hop = Envelope(family == Family.IPv4 ? s_hop : s_hop6, translated.Source);
        byte[] seen = Quote(sent.Routed(), checksumsOf: translated);
        foreach (IcmpError error in new[] { IcmpError.TooBig(family, 1300), IcmpError.TimeExceeded(family) })
        {
            byte[] arrives = error.Quoting(hop, Quote(translated));
            Outcome outcome = Datapath.FromNetdev(arrives).ExpectForwardedFromNetdev()
                .ExpectPacket(error.Quoting((hop with { Destination = sent.Source }).Delivered(Pod.Web), seen));
            TraceRecord trace = outcome.Trace(TracePoint.ToEndpoint);
            Assert.Equal((ConntrackState.Related, hop.Source), (trace.Reason, trace.OrigAddr));
        }

        Assert.Equal(0UL, Entry(sent).RxPackets);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pods_error_leaves_as_the_nodes_and_quotes_what_the_node_received(Family family)
    {
        Segment sent = ToWorld(family, Carried.Udp, 5000);
        Datapath.FromPod(sent.ToArray());
        Segment arrives = Translated(sent).Answer();
        Segment received = sent.Answer();
        Segment pod = new(sent.Source, 0, sent.Destination, 0, Carried.Echo) { FromMac = sent.FromMac, ToMac = sent.ToMac };
        IcmpError error = IcmpError.PortUnreachable(family);
        Datapath.FromPod(error.Quoting(pod, Quote(received))).ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket(error.Quoting(pod.Routed() with { Source = arrives.Destination }, Quote(arrives, checksumsOf: received)));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_of_a_pod_about_no_flow_cannot_be_translated(Family family)
    {
        Segment never = ToWorld(family, Carried.Udp, 5000);
        Segment pod = new(never.Source, 0, never.Destination, 0, Carried.Echo) { FromMac = never.FromMac, ToMac = never.ToMac };
        Datapath.FromPod(IcmpError.PortUnreachable(family).Quoting(pod, Quote(never.Answer()))).ExpectDrop(DropReason.NatUnsupported);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_about_a_flow_of_the_node_is_the_nodes(Family family)
    {
        Segment own = Segment.Between(Node.EastOn(family), 40000, Node.OutsideOn(family), 53, Carried.Udp);
        Datapath.ToNetdev(own.ToArray());
        Segment hop = Envelope(family == Family.IPv4 ? s_hop : s_hop6, own.Source);
        Datapath.FromNetdev(IcmpError.TimeExceeded(family).Quoting(hop, Quote(own))).ExpectIgnoredByNetdev();
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_about_no_flow_is_the_nodes(Family family)
    {
        Segment never = Segment.Between(Node.EastOn(family), 40000, Node.OutsideOn(family), 53, Carried.Udp);
        Segment hop = Envelope(family == Family.IPv4 ? s_hop : s_hop6, never.Source);
        Datapath.FromNetdev(IcmpError.TimeExceeded(family).Quoting(hop, Quote(never))).ExpectIgnoredByNetdev();
    }

    private static Segment ToWorld(Family family, Carried carried, ushort port) =>
        Segment.FromPod(Pod.Web, family, port, Node.OutsideOn(family), 53, carried);

    private Segment Translated(Segment sent) => sent.Routed() with
    {
        Source = Node.EastOn(sent.Source.IsIPv4 ? Family.IPv4 : Family.IPv6),
        SourcePort = Entry(sent).NatPort,
    };

    private static Segment Envelope(WeftAddress source, WeftAddress destination) => new(source, 0, destination, 0, Carried.Echo);

    /// <summary>The IP header and eight bytes more. The checksum behind the quoted addresses is left as it was: nobody checks it.</summary>
    private static byte[] Quote(Segment packet, Segment? checksumsOf = null)
    {
        int header = packet.Source.IsIPv4 ? IPv4Header.MinSize : IPv6Header.Size;
        byte[] quote = packet.Quoted(header + 8);
        int checksum = packet.Carried switch { Carried.Tcp => -1, Carried.Echo => 2, _ => 6 };
        if (checksumsOf is not null && checksum > 0)
        {
            checksumsOf.Quoted(header + 8).AsSpan(header + checksum, 2).CopyTo(quote.AsSpan(header + checksum));
        }

        return quote;
    }
}
