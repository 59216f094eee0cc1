using System.Buffers;
using System.Text;
using System.Text.Json;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Weft.Events.Tests;

public class EventFormatterTests
{
    [Theory]
    [InlineData(EventVerbosity.Info, "ping.txt")]
    [InlineData(EventVerbosity.Verbose, "ping-v.txt")]
    [InlineData(EventVerbosity.Layers, "ping-vv.txt")]
    public void Text_of_a_ping_is_that_of_cilium_monitor(EventVerbosity verbosity, string golden) =>
        Golden.Matches(golden, Print(new EventTextFormatter(CraftedEvents.Names(), verbosity), CraftedEvents.Ping()));

    [Theory]
    [InlineData(EventVerbosity.Info, "hex.txt")]
    [InlineData(EventVerbosity.Verbose, "hex-v.txt")]
    [InlineData(EventVerbosity.Layers, "hex-vv.txt")]
    public void Bytes_stand_beside_or_instead_of_what_they_say(EventVerbosity verbosity, string golden) =>
        Golden.Matches(golden, Print(new EventTextFormatter(CraftedEvents.Names(), verbosity) { Hex = true }, [.. CraftedEvents.Ping().Take(1), .. CraftedEvents.Ping().Skip(9).Take(1), .. CraftedEvents.Verdicts().Take(1)]));

    [Theory]
    [InlineData(EventVerbosity.Info, "verdicts.txt")]
    [InlineData(EventVerbosity.Verbose, "verdicts.txt")]
    [InlineData(EventVerbosity.Layers, "verdicts-vv.txt")]
    public void A_policy_verdict_is_the_line_of_cilium_monitor_and_its_reason(EventVerbosity verbosity, string golden) =>
        Golden.Matches(golden, Print(new EventTextFormatter(CraftedEvents.Names(), verbosity), CraftedEvents.Verdicts()));

    [Fact]
    public void Json_of_a_policy_verdict_has_what_decided() => Golden.Matches("verdicts.json", Print(Json(), CraftedEvents.Verdicts()));

    [Theory]
    [InlineData(PolicyEventFlags.ByNobody, 0, "none")]
    [InlineData(PolicyEventFlags.None, 0, "L3-Only")]
    [InlineData(PolicyEventFlags.None, 8, "L3-Proto")]
    [InlineData(PolicyEventFlags.None, 9, "L3-L4")]
    [InlineData(PolicyEventFlags.None, 24, "L3-L4")]
    [InlineData(PolicyEventFlags.Anybody, 0, "all")]
    [InlineData(PolicyEventFlags.Anybody, 8, "Proto-Only")]
    [InlineData(PolicyEventFlags.Anybody, 24, "L4-Only")]
    public void What_a_verdict_matched_is_called_as_users_know_it(PolicyEventFlags flags, byte narrow, string match) =>
        Assert.Equal(match, PolicyNames.Match(new() { Flags = flags, Narrow = narrow }));

    [Fact]
    public void Folded_verdicts_tell_the_last_one()
    {
        FoldedEvents folded = new(3, 162, 0, 1_500_000_000, CraftedEvents.Verdicts().First());
        ArrayBufferWriter<byte> text = new();
        Info(CraftedEvents.Names()).WriteFolded(folded, text);
        Json().WriteFolded(folded, text);

        string[] lines = Encoding.UTF8.GetString(text.WrittenSpan).Split('\n');
        Assert.StartsWith("++ 3 more in 1.5 s (162 bytes), last: Policy verdict log: flow 0x631cfca7 local EP ID 3663, ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($", by {CraftedEvents.KnownRuleName}", lines[0], StringComparison.Ordinal);
        Assert.Equal(("policy-verdict", "allow"), (JsonDocument.Parse(lines[1]).RootElement.GetProperty("of").GetString(), JsonDocument.Parse(lines[1]).RootElement.GetProperty("action").GetString()));
    }

    [Fact]
    public void Json_has_the_bytes_that_were_asked_for()
    {
        using EventJsonFormatter json = new(CraftedEvents.Names(), new EventClock(new FixedTime())) { Hex = true };
        using JsonDocument document = JsonDocument.Parse(Print(json, CraftedEvents.Ping().Take(1)));
        Assert.Equal(CraftedEvents.Echo, Convert.FromHexString(document.RootElement.GetProperty("packet").GetString()!));
    }

    [Fact]
    public void A_notice_is_printed_as_cilium_monitor_prints_it()
    {
        AgentNotice notice = AgentNotice.FromJson(new AgentNotice
        {
            Time = DateTimeOffset.UnixEpoch,
            What = "Endpoint created",
            Message = new() { Id = 3, Name = "default/web", Identity = 4711 },
        }.ToJson())!;
        ArrayBufferWriter<byte> text = new();
        new EventTextFormatter(CraftedEvents.Names(), EventVerbosity.Info).WriteNotice(notice, text);
        using EventJsonFormatter json = new(CraftedEvents.Names(), new EventClock(new FixedTime()));
        json.WriteNotice(notice, text);

        Assert.Equal(
            """
            >> Endpoint created: {"id":3,"name":"default/web","identity":4711}
            {"type":"agent","subtype":"Endpoint created","message":{"id":3,"name":"default/web","identity":4711},"time":"1970-01-01T00:00:00Z","node":"bpf1"}

            """,
            Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void Json_of_a_ping_has_the_names_of_cilium_monitor() => Golden.Matches("ping.json", Print(Json(), CraftedEvents.Ping()));

    [Fact]
    public void Every_line_of_json_is_a_document_without_doubled_names()
    {
        byte[] nested = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").Vlan(1).Vlan(2).IPv4("10.0.0.1", "10.0.0.2")
            .Add(new IPv6Layer(IPv6Address.Parse("::1"), IPv6Address.Parse("::2"))).Udp(1, 4789).Vxlan(5)
            .Payload(CraftedEvents.EchoInVxlan).ToArray();
        byte[] error = CraftedEvents.Inner.IPv4("10.0.1.159", "10.0.1.180").Icmp(IcmpType.TimeExceeded, 0)
            .Payload(CraftedEvents.Echo.AsMemory(14, 28)).ToArray();
        byte[][] events = [.. CraftedEvents.Ping(), .. CraftedEvents.Verdicts(), .. new[] { nested, error }.Select(packet => CraftedEvents.Trace(TracePoint.ToNetwork, default, packet))];
        foreach (string line in Print(Json(), events).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }
    }

    [Fact]
    public void Json_shows_the_frame_inside_the_overlay_and_its_vni()
    {
        byte[] record = CraftedEvents.Trace(TracePoint.ToNetwork, default, CraftedEvents.EchoInVxlan);
        using var document = JsonDocument.Parse(Print(Json(), [record]));
        JsonElement root = document.RootElement;
        Assert.Equal(37483u, root.GetProperty("vni").GetUInt32());
        Assert.Equal("192.168.2.62", root.GetProperty("summary").GetProperty("l3").GetProperty("dst").GetString());
        Assert.Equal("10.0.0.23", root.GetProperty("summary").GetProperty("inner").GetProperty("l3").GetProperty("dst").GetString());
        Assert.Equal("bpf1", root.GetProperty("node").GetString());
    }

    [Fact]
    public void The_time_of_an_event_is_that_of_the_day()
    {
        var clock = new EventClock(new FixedTime());
        var formatter = new EventTextFormatter(CraftedEvents.Names(), EventVerbosity.Info) { Clock = clock };
        byte[] record = CraftedEvents.Trace(TracePoint.ToStack, default, CraftedEvents.Echo);
        Assert.StartsWith("2026-01-02T03:04:05.123456Z -> stack flow 0x631cfca7 ", Print(formatter, [record]), StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_identities_have_names_unless_numbers_are_asked_for()
    {
        byte[] record = CraftedEvents.Trace(TracePoint.ToStack, new() { SrcIdentity = 6, DstIdentity = 300 }, CraftedEvents.Echo);
        Assert.Contains("identity remote-node->300 ", Print(Info(CraftedEvents.Names()), [record]), StringComparison.Ordinal);
        Assert.Contains("identity 6->300 ", Print(Info(CraftedEvents.Names(numeric: true)), [record]), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_a_newer_datapath_are_shown_as_numbers()
    {
        byte[] debug = CraftedEvents.Debug((DebugMessage)200, 7, 8);
        byte[] trace = CraftedEvents.Trace((TracePoint)77, new() { Reason = (ConntrackState)9 }, CraftedEvents.Echo);
        byte[] drop = CraftedEvents.Drop((DropReason)254, new() { File = (SourceFile)200 }, CraftedEvents.Echo);
        byte[] verdict = CraftedEvents.Policy((PolicyVerdictCode)9, new() { Direction = (MetricDirection)7 }, CraftedEvents.Echo);
        byte[] unknown = CraftedEvents.Debug(default, 0);
        unknown[0] = 42;
        string text = Print(new EventTextFormatter(CraftedEvents.Names(), EventVerbosity.Verbose), [debug, trace, drop, verdict, unknown]);
        Assert.Contains("DEBUG: Unknown message type=200 arg1=7 arg2=8\n", text, StringComparison.Ordinal);
        Assert.Contains("?? point 77 flow", text, StringComparison.Ordinal);
        Assert.Contains("xx drop (254) flow", text, StringComparison.Ordinal);
        Assert.Contains("file unknown(200):0", text, StringComparison.Ordinal);
        Assert.Contains("proto 0, unknown, action unknown, auth: disabled, match L3-Only, ", text, StringComparison.Ordinal);
        Assert.Contains("unknown event type 42, subtype 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_untranslated_source_of_ipv6_is_written_as_ipv6()
    {
        byte[] none = CraftedEvents.Trace(TracePoint.ToStack, new() { Flags = TraceFlags.IPv6 }, CraftedEvents.Echo);
        byte[] some = CraftedEvents.Trace(TracePoint.ToStack, new() { OrigAddr = WeftAddress.Parse("fd00::7") }, CraftedEvents.Echo);
        Assert.Contains(" orig-ip ::: ", Print(Info(CraftedEvents.Names()), [none]), StringComparison.Ordinal);
        Assert.Contains(" orig-ip fd00::7: ", Print(Info(CraftedEvents.Names()), [some]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LostCause.RingFull, "Lost 7 events: the ring buffer was full, the agent did not read fast enough\n", "ring-full")]
    [InlineData(LostCause.ClientSlow, "Lost 7 events: this client did not read fast enough\n", "client-slow")]
    public void Lost_events_are_told_with_their_cause(LostCause cause, string text, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        Info(CraftedEvents.Names()).WriteLost(7, cause, output);
        Assert.Equal(text, Encoding.UTF8.GetString(output.WrittenSpan));
        output.ResetWrittenCount();
        Json().WriteLost(7, cause, output);
        Assert.Equal($$"""{"type":"lost","count":7,"cause":"{{json}}","node":"bpf1"}""" + "\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void The_banner_is_that_of_cilium_monitor()
    {
        var output = new ArrayBufferWriter<byte>();
        EventTextFormatter.WriteBanner(CraftedEvents.Stream, output);
        Assert.Equal(
            "Listening for events on 2 CPUs with 256x4096 of shared memory\nPress Ctrl-C to quit\n",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static EventTextFormatter Info(EventNames names) => new(names, EventVerbosity.Info);

    private static EventJsonFormatter Json() => new(CraftedEvents.Names(), new EventClock(new FixedTime()));

    private static string Print(IEventFormatter formatter, IEnumerable<byte[]> records)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] bytes in records)
        {
            Assert.True(EventRecord.TryParse(bytes, out EventRecord record));
            formatter.Write(record, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
