using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

public sealed class ArpTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    private static readonly ArpLayer s_question = new(ArpPacket.Request)
    {
        SenderMac = Pod.Web.EthernetAddress,
        SenderAddress = Pod.Web.IP,
        TargetAddress = IPv4Address.Parse(Node.Router),
    };

    [KernelTheory]
    [InlineData(Node.Router)]
    [InlineData("10.0.0.23")]
    [InlineData("8.8.8.8")]
    public void Every_address_but_the_pods_own_is_at_the_gateway(string target)
    {
        IPv4Address asked = IPv4Address.Parse(target);
        ArpLayer answer = new(ArpPacket.Reply)
        {
            SenderMac = Pod.Web.GatewayAddress,
            SenderAddress = asked,
            TargetMac = Pod.Web.EthernetAddress,
            TargetAddress = Pod.Web.IP,
        };
        Ask(s_question with { TargetAddress = asked })
            .ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket(new PacketBuilder().Ethernet(Pod.Web.GatewayAddress, Pod.Web.EthernetAddress).Add(answer).ToArray());
    }

    [KernelFact]
    public void A_probe_without_sender_address_is_answered()
    {
        Outcome outcome = Ask(s_question with { SenderAddress = default });
        outcome.ExpectForwarded(MetricDirection.Egress);
    }

    [KernelFact]
    public void The_pods_own_address_is_nobody_elses()
    {
        Outcome outcome = Ask(s_question with { TargetAddress = Pod.Web.IP }).ExpectCounted(DropReason.Forwarded, MetricDirection.Egress);
        Assert.Equal(Verdict.Drop, outcome.Verdict);
        Assert.DoesNotContain(outcome.Events, seen => seen.Type == EventType.Drop);
    }

    [KernelFact]
    public void An_answer_goes_nowhere()
    {
        Outcome outcome = Ask(s_question with { Operation = ArpPacket.Reply }).ExpectCounted(DropReason.Forwarded, MetricDirection.Egress);
        Assert.Equal(Verdict.Drop, outcome.Verdict);
    }

    [KernelFact]
    public void A_sender_mac_that_is_not_the_pods() =>
        Ask(s_question with { SenderMac = Pod.Cache.EthernetAddress }).ExpectDrop(DropReason.InvalidSourceMac);

    [KernelFact]
    public void A_sender_address_that_is_not_the_pods() =>
        Ask(s_question with { SenderAddress = Pod.Cache.IP }).ExpectDrop(DropReason.InvalidSourceIP);

    [KernelTheory]
    [InlineData(14)] // hardware type
    [InlineData(16)] // protocol type
    [InlineData(18)] // hardware length
    [InlineData(19)] // protocol length
    public void Anything_but_ipv4_over_ethernet(int offset)
    {
        byte[] packet = Question(s_question);
        packet[offset] ^= 1;
        Datapath.FromPod(packet).ExpectDrop(DropReason.UnsupportedL2);
    }

    [KernelFact]
    public void A_question_that_is_cut_short() => Datapath.FromPod(Question(s_question)[..41]).ExpectDrop(DropReason.InvalidPacket);

    private Outcome Ask(ArpLayer question) => Datapath.FromPod(Question(question));

    private static byte[] Question(ArpLayer question) =>
        new PacketBuilder().Ethernet(Pod.Web.EthernetAddress, MacAddress.Broadcast).Add(question).ToArray();
}
