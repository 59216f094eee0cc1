using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What IPv6 has and IPv4 has not: extension headers, and addresses that must never be on a wire.</summary>
public sealed class IPv6Tests(DatapathFixture datapath) : NodeTest(datapath)
{
    private const int Udp = 17;

    /// <summary>The kinds of extension headers in their order; each is 8 bytes long.</summary>
    private static readonly int[][] s_chains = [[0], [43], [60], [51], [0, 60, 43], [0, 43, 44, 60], [60, 60, 60, 60]];

    public static TheoryData<int[]> Chains => [.. s_chains];

    [KernelTheory]
    [MemberData(nameof(Chains))]
    public void Extension_headers_do_not_hide_the_ports(int[] chain)
    {
        byte[] packet = With(chain);
        byte[] routed = [.. packet];
        routed[EthernetHeader.Size + 7]--;
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).ExpectPacket(routed);
        Assert.True(HasEntry(ToDb()));
        Datapath.FromOverlay(With(chain, ToDb().Answer())).ExpectForwarded(MetricDirection.Ingress);
        Assert.Equal(1UL, Entry(ToDb()).RxPackets);
    }

    [KernelFact]
    public void Long_extension_headers_do_not_either()
    {
        byte[] packet = With([60], lengths: 20);
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress);
        Assert.True(HasEntry(ToDb()));
    }

    [KernelFact]
    public void Too_many_extension_headers() => Datapath.FromPod(With([60, 60, 60, 60, 60])).ExpectDrop(DropReason.InvalidExtension);

    [KernelFact]
    public void Extension_headers_longer_than_there_is_room_for() =>
        Datapath.FromPod(With([60], lengths: 60)).ExpectDrop(DropReason.InvalidExtension);

    [KernelFact]
    public void An_extension_header_that_ends_behind_the_packet()
    {
        byte[] packet = With([60]);
        packet[EthernetHeader.Size + IPv6Header.Size + 1] = 30;
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidExtension);
    }

    [KernelFact]
    public void On_the_underlay_they_are_left_to_the_node()
    {
        Segment own = Segment.Between(Node.OutsideOn(Family.IPv6), 40000, Node.EastOn(Family.IPv6), 80, Carried.Udp);
        Datapath.FromNetdev(With([60, 60, 60, 60, 60], own)).ExpectIgnoredByNetdev();
    }

    [KernelTheory]
    [MemberData(nameof(Chains))]
    public void Behind_extension_headers_translation_is_right_too(int[] chain)
    {
        Segment sent = Segment.FromPod(Pod.Web, Family.IPv6, 40000, Node.OutsideOn(Family.IPv6), 53, Carried.Udp);
        Datapath.FromPod(With(chain, sent)).ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket(With(chain, sent.Routed() with { Source = Node.EastOn(Family.IPv6) }));
    }

    [KernelFact]
    public void A_fragment_header_around_a_whole_packet_is_no_fragment()
    {
        Datapath.FromPod(With([44])).ExpectForwarded(MetricDirection.Egress);
        Assert.Empty(Datapath.Fragments.Keys());
    }

    [KernelFact]
    public void A_later_fragment_alone_waits() => Datapath.FromPod((ToDb() with { Payload = 100 }).Fragments(64).Later).ExpectHeld();

    [KernelTheory]
    [InlineData("::ffff:10.0.0.23")]
    [InlineData("::ffff:192.168.2.61")]
    public void A_mapped_address_is_never_on_the_wire(string mapped)
    {
        byte[] bytes = System.Net.IPAddress.Parse(mapped).GetAddressBytes();
        byte[] packet = ToDb().ToArray();
        bytes.CopyTo(packet, EthernetHeader.Size + 24);
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidSourceIP);
        byte[] arrives = ToDb().Answer().ToArray();
        bytes.CopyTo(arrives, EthernetHeader.Size + 8);
        Datapath.FromOverlay(arrives).ExpectDrop(DropReason.InvalidSourceIP, MetricDirection.Ingress);
        Datapath.FromNetdev(arrives).ExpectIgnoredByNetdev();
    }

    [KernelTheory]
    [InlineData(0x55)]
    [InlineData(0x45)]
    public void A_header_of_another_version(byte version)
    {
        byte[] packet = ToDb().ToArray();
        packet[EthernetHeader.Size] = version;
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidPacket);
    }

    [KernelFact]
    public void A_header_that_promises_more_than_there_is()
    {
        byte[] packet = ToDb().ToArray();
        packet[EthernetHeader.Size + 5]++;
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidPacket);
        packet[EthernetHeader.Size + 4] = 0xff;
        packet[EthernetHeader.Size + 5] = 0xff;
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidPacket);
    }

    /// <summary>Bytes from outside: a verdict that we know, and a drop that is told.</summary>
    [KernelTheory]
    [MemberData(nameof(Chains))]
    [Trait(Emulation.Name, Emulation.TooSlow)]
    public void A_packet_damaged_at_random(int[] chain)
    {
        Fuzz.Mutations(With(chain), packet => ExpectSane(packet, Datapath.FromPod), 300);
        Fuzz.Mutations(With(chain, ToDb().Answer()), packet => ExpectSane(packet, (bytes, _) => Datapath.FromOverlay(bytes)), 300);
    }

    private static void ExpectSane(byte[] packet, Func<byte[], Weft.Bpf.SkBuffContext, Outcome> program)
    {
        if (packet.Length < EthernetHeader.Size + IPv6Header.Size)
        {
            return;
        }

        Outcome outcome = program(packet, default);
        if (outcome.IsHeld)
        {
            return;
        }

        outcome.Expect(outcome.Verdict is Verdict.Drop or Verdict.Redirect or Verdict.Next or Verdict.Stack, "a verdict that no program gives");
        outcome.Expect(outcome.Metrics.Count is 1 or 2, "not counted");
        bool dropped = outcome.Metrics.Keys.Any(key => key.Reason != DropReason.Forwarded);
        outcome.Expect(dropped == outcome.Events.Any(seen => seen.Type == EventType.Drop), "a drop must be reported, anything else not");
    }

    private static Segment ToDb() => Segment.FromPod(Pod.Web, Family.IPv6, 40000, Pod.Db.On(Family.IPv6), 53, Carried.Udp);

    /// <summary>A packet with extension headers, each as many times 8 bytes longer than it need be.</summary>
    private static byte[] With(int[] chain, Segment? packet = null, int lengths = 0)
    {
        Segment of = packet ?? ToDb();
        byte[] plain = of.ToArray();
        PacketBuilder builder = of.Headers((IPProtocol)chain[0]);
        for (int i = 0; i < chain.Length; i++)
        {
            byte[] header = new byte[8 * (1 + lengths)];
            header[0] = (byte)(i + 1 < chain.Length ? chain[i + 1] : Udp);
            header[1] = (byte)(chain[i] == 44 ? 0 : lengths);
            builder = builder.Payload(header);
        }

        return builder.Payload(plain.AsMemory(EthernetHeader.Size + IPv6Header.Size)).ToArray();
    }
}
