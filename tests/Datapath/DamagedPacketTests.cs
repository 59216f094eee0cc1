using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Bytes from outside: every packet gets a verdict that we know and is counted exactly once, whatever it contains.</summary>
[Trait(Emulation.Name, Emulation.TooSlow)]
public sealed class DamagedPacketTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    private const int Mutations = 1000;

    public static TheoryData<string> Kinds => ["udp", "tcp", "ping", "error", "fragment", "later fragment", "ttl", "arp", "options"];

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_packet_cut_at_any_length(string kind)
    {
        byte[] packet = Packet(kind, Pod.Web, Pod.Db);
        byte[] arrival = Packet(kind, Pod.Db, Pod.Web);
        Fuzz.EveryTruncation(packet, Send);
        Fuzz.EveryTruncation(arrival, Receive);
    }

    /// <summary>Cut inside its headers, a packet never passes.</summary>
    [KernelTheory]
    [InlineData("udp", 20 + 8)]
    [InlineData("tcp", 20 + 20)]
    [InlineData("ping", 20 + 8)]
    [InlineData("error", 20 + 8 + 28)]
    public void A_packet_cut_inside_its_headers_is_dropped(string kind, int headers)
    {
        byte[] packet = Packet(kind, Pod.Web, Pod.Db);
        for (int length = EthernetHeader.Size + IPv4Header.MinSize; length < EthernetHeader.Size + headers; length++)
        {
            byte[] cut = packet[..length];
            Datapath.FromPod(cut).ExpectDrop(DropReason.InvalidPacket);

            // With a length that agrees, it is the next header that is too short.
            cut[17] = (byte)(length - EthernetHeader.Size);
            Datapath.FromPod(cut).ExpectDrop(DropReason.CtInvalidHeader);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_packet_damaged_at_random(string kind)
    {
        Fuzz.Mutations(Packet(kind, Pod.Web, Pod.Db), Send, Mutations);
        Fuzz.Mutations(Packet(kind, Pod.Db, Pod.Web), Receive, Mutations);
    }

    private void Send(byte[] packet)
    {
        if (IsTakenByTestRun(packet))
        {
            ExpectSane(Datapath.FromPod(packet), MetricDirection.Egress);
            Outcome seen = Datapath.ToNetdev(packet);
            seen.Expect(seen.Verdict == Verdict.Next, "the underlay's program must leave every packet alone");
        }
    }

    private void Receive(byte[] packet)
    {
        if (IsTakenByTestRun(packet))
        {
            ExpectSane(Datapath.FromOverlay(packet), MetricDirection.Ingress);
        }
    }

    /// <summary>bpf_prog_test_run_skb refuses a frame without payload, and an IP packet without its whole fixed header.</summary>
    private static bool IsTakenByTestRun(byte[] packet) => packet.Length > EthernetHeader.Size && (packet[12], packet[13]) switch
    {
        (0x08, 0x00) => packet.Length >= EthernetHeader.Size + IPv4Header.MinSize,
        (0x86, 0xdd) => packet.Length >= EthernetHeader.Size + IPv6Header.Size,
        _ => true,
    };

    private static void ExpectSane(Outcome outcome, MetricDirection direction)
    {
        outcome.Expect(outcome.Verdict is Verdict.Drop or Verdict.Redirect, "a verdict that no program gives");
        if (outcome.IsHeld)
        {
            // A later fragment; the first may be yet to come.
            Assert.True((outcome.Packet[20] & 0x1f) != 0 || outcome.Packet[21] != 0, "held, but no later fragment");
            return;
        }

        if (outcome.Metrics.Count == 2)
        {
            // Another pod of the node by chance, or the pod itself: it left one endpoint and reached another.
            outcome.ExpectCounted((DropReason.Forwarded, MetricDirection.Egress), (DropReason.Forwarded, MetricDirection.Ingress));
            return;
        }

        outcome.Expect(outcome.Metrics.Count == 1, "not counted exactly once");
        ((DropReason reason, MetricDirection counted), MetricValue value) = outcome.Metrics.Single();
        outcome.Expect(counted == direction && value.Packets == 1 && Enum.IsDefined(reason), "counted as something else");
        bool reported = outcome.Events.Any(seen => seen.Type == EventType.Drop);
        outcome.Expect(reported == (reason != DropReason.Forwarded), "a drop must be reported, anything else not");
    }

    private static byte[] Packet(string kind, Pod sender, Pod receiver) => kind switch
    {
        "udp" => Frame.Udp(sender, receiver),
        "tcp" => Frame.Tcp(sender, receiver, TcpFlags.Syn),
        "ping" => Frame.EchoRequest(sender, receiver),
        "error" => Frame.Error(sender, receiver, IcmpType.DestinationUnreachable, 3, Frame.Udp(receiver, sender)),
        "fragment" => Frame.From(sender, receiver, ip => ip with { MoreFragments = true, DontFragment = false }).Udp(1, 2).Payload(64).ToArray(),
        "later fragment" => Frame.From(sender, receiver, ip => ip with { FragmentOffset = 9, ProtocolOverride = IPProtocol.Udp }).Payload(64).ToArray(),
        "ttl" => Frame.From(sender, receiver, ip => ip with { TimeToLive = 1 }).Udp(1, 2).Payload(200).ToArray(),
        "options" => Frame.From(sender, receiver, ip => ip with { Options = new byte[40] }).Tcp(1, 2, TcpFlags.Ack).ToArray(),
        _ => new Weft.Packets.Build.PacketBuilder().Ethernet(sender.EthernetAddress, MacAddress.Broadcast)
            .ArpRequest(sender.EthernetAddress, sender.Address, receiver.Address).ToArray(),
    };
}
