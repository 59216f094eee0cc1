using System.Buffers;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Events;

namespace Weft.Cli.Tests.Support;

/// <summary>A monitor stream with one event of every kind that matters to a filter, and a gap.</summary>
internal static class SampleStream
{
    private const ushort Cni = 3663;
    private const ushort Other = 1429;
    private const uint Rule = 0x1234abcd;

    public static byte[] Create(string? node = null)
    {
        ArrayBufferWriter<byte> frames = new();
        MonitorFrameWriter writer = new(frames);
        writer.WriteNames(new MonitorNames
        {
            Cpus = 2,
            RingBytes = 4 << 20,
            Node = node,
            Interfaces = MonitorNames.FromJson("""{"interfaces":{"7":"weft_vxlan"}}"""u8)!.Interfaces,
        });
        writer.WriteRecord(Debug(Cni));
        writer.WriteRule(new RuleName(Rule, "NetworkPolicy shop/web spec.egress[0] (line 12)"));
        writer.WriteRecord(Policy(Cni, PolicyVerdictCode.Allowed, new() { Direction = MetricDirection.Egress, Peer = (uint)ReservedIdentity.World, Rule = Rule, Narrow = 8 }));
        writer.WriteRecord(Trace(Cni, to: 0));
        writer.WriteLost(12, LostCause.RingFull);
        writer.WriteRecord(Policy(Other, PolicyVerdictCode.DeniedByRule, new() { Direction = MetricDirection.Ingress, Peer = 37483, Rule = 7, Flags = PolicyEventFlags.Audit | PolicyEventFlags.Anybody }));
        writer.WriteRecord(Trace(0, to: Other));
        writer.WriteRecord(Policy(Other, PolicyVerdictCode.DeniedByDefault, new() { Direction = MetricDirection.Egress, Peer = 37483, Flags = PolicyEventFlags.ByNobody }));
        writer.WriteRecord(Drop(Other));
        return frames.WrittenSpan.ToArray();
    }

    private static EventHeader Header(EventType type, byte subtype, ushort source) => new()
    {
        Type = type, Subtype = subtype, Source = source, Hash = 0xabc, Time = 4_999_000_000_000, Cpu = 1,
    };

    private static byte[] Debug(ushort source) =>
        Bytes(new DebugRecord { Header = Header(EventType.Debug, (byte)DebugMessage.CtLookupProto, source), Arg1 = 1, Arg2 = 1 }, []);

    private static byte[] Trace(ushort source, ushort to) => Bytes(
        new TraceRecord
        {
            Header = Header(EventType.Trace, (byte)(to == 0 ? TracePoint.ToOverlay : TracePoint.ToEndpoint), source),
            LenOrig = (uint)PingFrame.Length,
            LenCap = (ushort)PingFrame.Length,
            Reason = ConntrackState.New,
            SrcIdentity = 37483,
            DstIdentity = to == 0 ? (uint)ReservedIdentity.World : 12057,
            DstId = to,
            IfIndex = 7,
        },
        PingFrame);

    private static byte[] Drop(ushort source) => Bytes(
        new DropRecord
        {
            Header = Header(EventType.Drop, (byte)DropReason.InvalidSourceIP, source),
            LenOrig = (uint)PingFrame.Length,
            LenCap = (ushort)PingFrame.Length,
            SrcIdentity = 12057,
            Line = 42,
            File = SourceFile.Pod,
        },
        PingFrame);

    private static byte[] Policy(ushort source, PolicyVerdictCode code, PolicyRecord verdict) => Bytes(
        verdict with
        {
            Header = Header(EventType.Policy, (byte)code, source),
            LenOrig = (uint)PingFrame.Length,
            LenCap = (ushort)PingFrame.Length,
            Port = 8,
            Proto = 1,
            IfIndex = 7,
        },
        PingFrame);

    private static byte[] Bytes<T>(T record, ReadOnlySpan<byte> packet)
        where T : unmanaged
        => [.. MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)), .. packet];

    /// <summary>An ICMP echo request from 10.0.1.180 to 10.0.0.23, identifier 15872.</summary>
    private static ReadOnlySpan<byte> PingFrame =>
    [
        0xd2, 0xf1, 0x29, 0x4b, 0xbd, 0x9d, 0xfe, 0x55, 0xfa, 0x02, 0xee, 0xe5, 0x08, 0x00,
        0x45, 0x00, 0x00, 0x1c, 0xd9, 0xe4, 0x40, 0x00, 0x40, 0x01, 0x4b, 0x2a, 10, 0, 1, 180, 10, 0, 0, 23,
        0x08, 0x00, 0xb9, 0xff, 0x3e, 0x00, 0x00, 0x00,
    ];
}
