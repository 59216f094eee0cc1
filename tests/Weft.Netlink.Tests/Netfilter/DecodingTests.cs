using Weft.Linux;
using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Text;
using Weft.Netlink.Netfilter.Tracing;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>Messages of nf_tables, as a kernel sent them and damaged.</summary>
public class DecodingTests
{
    /// <summary>
    /// From a 6.18 kernel: a datagram to 127.0.0.1:4711 comes to chain ip fw in, whose rules 5 and 6 set a mark and jump to sub, where rule 7
    /// drops it.
    /// </summary>
    private const string First =
        "a8000000110a000000000000000000000200000008000f0000000002080004000000000308000600ccdc1ce707000200696e000007000100667700000c000300000000"
        + "00000000050c00050008000100ffffffff08000e000000001708000a000000000106000b0003040000180008004500002006e64000401135e57f0000017f00000110"
        + "000900a25b1267000cfe1f616263641200070000000000000000000000000008000000";

    private const string Jump =
        "64000000110a000000000000000000000200000008000f0000000002080004000000000308000600ccdc1ce707000200696e000007000100667700000c000300000000"
        + "00000000061400050008000100fffffffd080002007375620008000e0000000017";

    private const string Drop =
        "5c000000110a000000000000000000000200000008000f0000000002080004000000000308000600ccdc1ce7080002007375620007000100667700000c000300000000"
        + "00000000070c000500080001000000000008000e0000000017";

    private static byte[] Recorded() => Convert.FromHexString(First + Jump + Drop);

    [Fact]
    public void Steps_are_read_whole()
    {
        List<TraceStep> steps = Parse(Recorded());

        Assert.Equal(3, steps.Count);
        Assert.All(
            steps,
            step => Assert.Equal((0xccdc1ce7u, NetfilterFamily.IPv4, TraceStepType.Rule, "fw"), (step.Id, step.Family, step.Type, step.Table)));
        Assert.Equal(["in 5 continue", "in 6 jump sub", "sub 7 drop"], steps.Select(step => $"{step.Chain} {step.RuleHandle} {step.Verdict}"));
        Assert.Equal([true, false, false], steps.Select(step => step.HasHeaders));
        TraceStep first = steps[0];
        Assert.Equal((new IfIndex(1), (IfIndex?)null, 0x17u), (first.In!.Value, first.Out, first.Mark));
        Assert.Equal((14, 20, 12), (first.LinkHeader.Length, first.NetworkHeader.Length, first.TransportHeader.Length));
        Assert.Equal(0x1267, first.TransportHeader.Span[2] << 8 | first.TransportHeader.Span[3]);
    }

    [Fact]
    public void A_rule_without_a_handle_is_none()
    {
        Assert.Empty(Parse(Convert.FromHexString(
            "48000000110a000000000000000000000200000008000f0000000002080004000000000308000600ccdc1ce7060002007000000007000100667700000c00050008000100ffffffff")));
    }

    [Fact]
    public void Damaged_steps_do_no_harm()
    {
        byte[] valid = Recorded();
        void Read(byte[] bytes) => TraceStepParser.Parse(bytes, []);

        Fuzz.EveryTruncation(valid, Read);
        Fuzz.Mutations(valid, Read, count: 20_000);
    }

    [Theory]
    [InlineData(0, "drop")]
    [InlineData(1, "accept")]
    [InlineData(0x50003, "queue to 5")]
    [InlineData(-1, "continue")]
    [InlineData(-5, "return")]
    [InlineData(-99, "verdict -99")]
    public void Verdicts_have_the_words_of_nft(int code, string word) => Assert.Equal(word, new NetfilterVerdict(code).ToString());

    [Fact]
    public void An_expression_that_is_not_known_stands_as_its_name()
    {
        RuleRecord rule = new(NetfilterFamily.Inet)
        {
            Expressions = [new Expression("osf", []), new Expression("hash", [1, 2, 3]), new Expression("counter", [])],
            Comment = "why",
        };

        Assert.Equal("[osf] [hash] counter comment \"why\"", RuleText.Of(rule, new RuleContext(static _ => null, static (_, _, _) => null, WithState: false)));
    }

    [KernelFact]
    public void Damaged_rules_and_sets_of_a_kernel_do_no_harm()
    {
        using TestNamespace node = TestNamespace.Create("fuzz");
        Tool.Run("ip", "-n", node.Name, "link", "set", "lo", "up");
        Nft.Load(node, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Netfilter", "corpus.nft")));
        using RawSocket socket = NetlinkSockets.Open(NetlinkH.NETLINK_NETFILTER, node.Handle);

        foreach (byte type in (byte[])[NfTablesH.NFT_MSG_GETTABLE, NfTablesH.NFT_MSG_GETCHAIN, NfTablesH.NFT_MSG_GETRULE, NfTablesH.NFT_MSG_GETSET])
        {
            foreach (byte[] datagram in Dump(socket, type))
            {
                Fuzz.Mutations(datagram, ReadAll, count: 500);
            }
        }
    }

    private static void ReadAll(byte[] datagram)
    {
        RuleContext context = new(static _ => null, static (_, _, name) => new SetRecord(name, NfTablesH.NFT_SET_ANONYMOUS, 4, 7), WithState: true);
        NetlinkMessages messages = new(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            _ = NetfilterParser.TryParseTable(message, out _);
            _ = NetfilterParser.TryParseChain(message, out _);
            _ = SetParser.TryParseSet(message, out _);
            _ = SetParser.TryParseElements(message, out _);
            if (NetfilterParser.TryParseRule(message, out RuleRecord rule))
            {
                _ = RuleText.Of(rule, context);
            }
        }
    }

    private static List<byte[]> Dump(RawSocket socket, byte type)
    {
        NetlinkWriter writer = NfTablesMessages.Begin(new byte[64], type, NetfilterFamily.None, NetlinkH.NLM_F_DUMP);
        Assert.Equal(Errno.None, socket.Send(writer.Finish()));
        List<byte[]> datagrams = [];
        byte[] buffer = new byte[NetlinkSocket.ReceiveSize];
        do
        {
            Assert.Equal(Errno.None, socket.Receive(buffer, out int length));
            datagrams.Add(buffer[..length]);
        }
        while (!HoldsEnd(datagrams[^1]));
        return datagrams;
    }

    private static bool HoldsEnd(byte[] datagram)
    {
        NetlinkMessages messages = new(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            if (message.Type is NetlinkH.NLMSG_DONE or NetlinkH.NLMSG_ERROR)
            {
                return true;
            }
        }

        return false;
    }

    private static List<TraceStep> Parse(byte[] datagram)
    {
        List<TraceStep> steps = [];
        TraceStepParser.Parse(datagram, steps);
        return steps;
    }
}
