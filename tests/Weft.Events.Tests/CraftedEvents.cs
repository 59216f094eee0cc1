using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Events.Tests;

/// <summary>Records as the datapath would write them, on the layout of the notes: a ping from cni-6vf5d to cni-j22kt.</summary>
internal static class CraftedEvents
{
    public const ushort Pod = 3663;
    public const uint PodIdentity = 37483;
    public const uint PodIfIndex = 24;
    public const uint OverlayIfIndex = 6;
    public const uint UnderlayIfIndex = 2;
    public const uint KnownRule = 0x1234abcd;
    public const uint OtherRule = 0xabcd;
    public const string KnownRuleName = "NetworkPolicy shop/web spec.ingress[0] (line 12)";

    private const ushort Cpu = 5;

    public static readonly PacketBuilder Inner = new PacketBuilder().Ethernet("fe:55:fa:02:ee:e5", "d2:f1:29:4b:bd:90");

    public static byte[] Echo { get; } = Inner
        .Add(new IPv4Layer(IPv4Address.Parse("10.0.1.180"), IPv4Address.Parse("10.0.0.23")) { Id = 55780, DontFragment = true })
        .EchoRequest(15872, 0).Payload(56).ToArray();

    public static byte[] EchoReply { get; } = Inner
        .Add(new IPv4Layer(IPv4Address.Parse("10.0.0.23"), IPv4Address.Parse("10.0.1.180")) { Id = 6, TimeToLive = 63 })
        .EchoReply(15872, 0).Payload(56).ToArray();

    public static byte[] EchoInVxlan { get; } = new PacketBuilder()
        .Ethernet("d2:10:e9:bd:43:62", "2a:2d:74:26:e3:de").IPv4("192.168.2.61", "192.168.2.62")
        .Add(new UdpLayer(36535, 8472) { Checksum = 0 }).Vxlan(PodIdentity).Payload(Echo).ToArray();

    public static byte[] Syn { get; } = Inner.IPv4("10.0.0.1", "10.0.1.180").Tcp(54321, 80, TcpFlags.Syn).ToArray();

    public static byte[] SynAck { get; } = Inner.IPv4("10.0.1.180", "10.0.0.1").Tcp(80, 54321, TcpFlags.Syn | TcpFlags.Ack).ToArray();

    public static EventNames Names(bool numeric = false)
    {
        var names = new EventNames { NumericIdentities = numeric };
        names.Update(Stream);
        names.Rules.Learn(new RuleName(KnownRule, KnownRuleName));
        return names;
    }

    public static MonitorNames Stream { get; } = MonitorNames.FromJson(
        """{"cpus":2,"ringBytes":1048576,"node":"bpf1","tunnelPort":8472,"interfaces":{"2":"ens3","6":"weft_vxlan","24":"lxc7f2a9c01b4de"}}"""u8)!;

    public static EventHeader Header(EventType type, byte subtype, ushort source) => new()
    {
        Type = type,
        Subtype = subtype,
        Source = source,
        Hash = 0x631cfca7,
        Time = 90_000_123_456_789,
        Mark = 0,
        Cpu = Cpu,
    };

    public static byte[] Debug(DebugMessage message, uint arg1, uint arg2 = 0, uint arg3 = 0, ushort source = Pod) => Bytes(new DebugRecord
    {
        Header = Header(EventType.Debug, (byte)message, source),
        Arg1 = arg1,
        Arg2 = arg2,
        Arg3 = arg3,
    });

    public static byte[] Trace(TracePoint point, TraceRecord fields, byte[] packet, ushort source = Pod, int? captured = null)
    {
        fields.Header = Header(EventType.Trace, (byte)point, source);
        fields.LenOrig = (uint)packet.Length;
        fields.LenCap = (ushort)(captured ?? packet.Length);
        return [.. Bytes(fields), .. packet.AsSpan(0, fields.LenCap)];
    }

    public static byte[] Drop(DropReason reason, DropRecord fields, byte[] packet, ushort source = Pod)
    {
        fields.Header = Header(EventType.Drop, (byte)reason, source);
        fields.LenOrig = (uint)packet.Length;
        fields.LenCap = (ushort)packet.Length;
        return [.. Bytes(fields), .. packet];
    }

    public static byte[] Capture(uint ifIndex, byte[] packet) =>
    [
        .. Bytes(new CaptureRecord
        {
            Header = Header(EventType.Capture, (byte)CapturePoint.Delivery, Pod),
            LenOrig = (uint)packet.Length,
            LenCap = (ushort)packet.Length,
            Arg1 = ifIndex,
        }),
        .. packet,
    ];

    public static byte[] Policy(PolicyVerdictCode code, PolicyRecord fields, byte[] packet, ushort source = Pod)
    {
        fields.Header = Header(EventType.Policy, (byte)code, source);
        fields.LenOrig = (uint)packet.Length;
        fields.LenCap = (ushort)packet.Length;
        fields.IfIndex = PodIfIndex;
        return [.. Bytes(fields), .. packet];
    }

    public static uint Argument(string address) =>
        MemoryMarshal.Read<uint>(System.Net.IPAddress.Parse(address).GetAddressBytes());

    public static uint Ports(ushort source, ushort destination) => (uint)destination << 16 | source;

    /// <summary>What node bpf1 says of the ping, in the order of the notes.</summary>
    public static IEnumerable<byte[]> Ping()
    {
        yield return Trace(TracePoint.FromEndpoint, new() { Reason = ConntrackState.Unknown, SrcIdentity = PodIdentity }, Echo);
        yield return Debug(DebugMessage.CtLookupAddrs, Argument("10.0.1.180"), Argument("10.0.0.23"), Ports(15872, 0));
        yield return Debug(DebugMessage.CtLookupProto, 1, 1);
        yield return Debug(DebugMessage.CtVerdict, (uint)ConntrackState.New);
        yield return Debug(DebugMessage.IpcacheHit, Argument("10.0.0.23"), PodIdentity);
        yield return Debug(DebugMessage.CtCreate, 0, PodIdentity);
        yield return Debug(DebugMessage.Encapsulate, 0xc0a8023e, PodIdentity);
        yield return Trace(
            TracePoint.ToOverlay,
            new() { Reason = ConntrackState.New, SrcIdentity = PodIdentity, DstIdentity = PodIdentity, IfIndex = OverlayIfIndex },
            Echo);
        yield return Trace(TracePoint.ToNetwork, new() { Reason = ConntrackState.Unknown, Flags = TraceFlags.Vxlan }, EchoInVxlan, 0);
        yield return Trace(
            TracePoint.FromNetwork,
            new() { Reason = ConntrackState.Unknown, Flags = TraceFlags.Vxlan, IfIndex = UnderlayIfIndex },
            EchoInVxlan, 0, captured: 128);
        yield return Trace(TracePoint.FromOverlay, new() { Reason = ConntrackState.Unknown, IfIndex = OverlayIfIndex }, EchoReply, 0);
        yield return Debug(DebugMessage.Decapsulate, PodIdentity, source: 0);
        yield return Debug(DebugMessage.LocalDelivery, Pod, PodIdentity, source: 0);
        yield return Debug(DebugMessage.CtFound, 4429);
        yield return Trace(
            TracePoint.ToEndpoint,
            new()
            {
                Reason = ConntrackState.Reply,
                SrcIdentity = PodIdentity,
                DstIdentity = PodIdentity,
                DstId = Pod,
                IfIndex = PodIfIndex,
                OrigAddr = WeftAddress.Parse("10.0.0.23"),
            },
            EchoReply);
        yield return Capture(PodIfIndex, EchoReply);
        yield return Drop(
            DropReason.InvalidSourceIP,
            new() { SrcIdentity = PodIdentity, Line = 120, File = SourceFile.Pod, IfIndex = PodIfIndex },
            Inner.IPv4("10.9.9.9", "10.0.0.23").Tcp(4242, 80, TcpFlags.Syn).ToArray());
        yield return Drop(
            DropReason.CtInsertFailed,
            new() { SrcIdentity = PodIdentity, DstIdentity = 1, DstId = 7, Line = 77, File = SourceFile.Conntrack, ExtError = -7, IfIndex = 99 },
            Inner.IPv4("10.0.1.180", "10.0.0.23").Udp(4242, 53).ToArray());
    }

    /// <summary>A verdict of every kind: by a rule whose name is known, by one whose is not, by none, audited, and of an older flow.</summary>
    public static IEnumerable<byte[]> Verdicts()
    {
        PolicyRecord tcp = new() { Direction = MetricDirection.Ingress, Peer = PodIdentity, Proto = (byte)IPProtocol.Tcp, Port = 80, Rule = KnownRule, Narrow = 24 };
        yield return Policy(PolicyVerdictCode.Allowed, tcp, Syn);
        yield return Policy(PolicyVerdictCode.Allowed, tcp with { Peer = 2, Narrow = 0, Rule = OtherRule }, Syn);
        yield return Policy(PolicyVerdictCode.DeniedByRule, tcp with { Direction = MetricDirection.Egress, Peer = 2, Flags = PolicyEventFlags.Anybody }, Syn);
        yield return Policy(PolicyVerdictCode.DeniedByDefault, tcp with { Flags = PolicyEventFlags.ByNobody, Rule = 0, Narrow = 0 }, Syn);
        yield return Policy(
            PolicyVerdictCode.DeniedByDefault, tcp with { Flags = PolicyEventFlags.ByNobody | PolicyEventFlags.Audit, Rule = 0, Narrow = 0 }, Syn);
        yield return Policy(PolicyVerdictCode.DeniedByRule, tcp with { Flags = PolicyEventFlags.Revised | PolicyEventFlags.Anybody }, SynAck);
        yield return Policy(
            PolicyVerdictCode.Allowed,
            tcp with { Direction = MetricDirection.Egress, Peer = 1, Proto = (byte)IPProtocol.Icmpv4, Port = (byte)IcmpType.EchoRequest, Rule = 0, Narrow = 0 },
            Echo);
    }

    private static byte[] Bytes<T>(T record)
        where T : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)).ToArray();
}
