using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Abi;
using Weft.Packets;

namespace Weft.Events.Hops;

/// <summary>Turns one node's stream of hops into sightings, with the names that the stream brings.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class SightingReader(string node)
{
    private readonly EventNames _names = new();
    private readonly Dictionary<uint, string> _namespaces = [];
    private readonly Dictionary<uint, string> _endpoints = [];
    private readonly Dictionary<uint, string> _dropReasons = [];
    private readonly Dictionary<ulong, string> _symbols = [];
    private long _clockOffset;

    /// <summary>Packets are followed: the agent said so.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Of the node's kernel: equal for two nodes whose clocks are the same clock.</summary>
    public string BootId { get; private set; } = "";

    /// <summary>Names the stream for who ends it.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Functions of its kernel that tell; null: none were asked for, or nothing is known yet.</summary>
    public TracedFunctions? Functions { get; private set; }

    /// <summary>Records that were lost on the way here.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Of them, those that whoever reads the stream was too slow for.</summary>
    public ulong LostByReader { get; private set; }

    /// <summary>Null: the frame brought names or counts, or bytes that are no packet.</summary>
    public Sighting? Read(MonitorFrame frame)
    {
        switch (frame.Kind)
        {
            case MonitorFrameKind.Names when frame.GetNames() is { } names:
                _names.Update(names);
                BootId = names.BootId ?? BootId;
                return null;
            case MonitorFrameKind.Rule when frame.GetRule() is { } rule:
                _names.Rules.Learn(rule);
                return null;
            case MonitorFrameKind.Tracing when frame.GetTracing() is { } tracing:
                Learn(tracing);
                return null;
            case MonitorFrameKind.Functions when frame.GetFunctions() is { } functions:
                Functions = functions;
                return null;
            case MonitorFrameKind.Symbols:
                foreach ((ulong address, string name) in frame.GetSymbols())
                {
                    _symbols[address] = name;
                }

                return null;
            case MonitorFrameKind.Lost when frame.TryGetLost(out ulong count, out LostCause cause):
                Lost += count;
                LostByReader += cause == LostCause.ClientSlow ? count : 0;
                return null;
            case MonitorFrameKind.Hop:
                return ReadHop(frame.Payload.Span);
            case MonitorFrameKind.Record:
                return ReadEvent(frame.Payload.Span);
            default:
                return null;
        }
    }

    private void Learn(TracingNames tracing)
    {
        IsReady = true;
        BootId = tracing.BootId;
        Id = tracing.Id;
        _clockOffset = tracing.ClockOffset;
        Fill(_namespaces, tracing.Namespaces);
        Fill(_endpoints, tracing.Endpoints);
        Fill(_dropReasons, tracing.DropReasons);
    }

    private static void Fill(Dictionary<uint, string> numbers, IEnumerable<KeyValuePair<string, string>> names)
    {
        foreach ((string key, string name) in names)
        {
            if (uint.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            {
                numbers[number] = name;
            }
        }
    }

    private Sighting? ReadHop(ReadOnlySpan<byte> record)
    {
        if (record.Length < HopEvent.BytesOffset)
        {
            return null;
        }

        HopHead head = MemoryMarshal.Read<HopHead>(record);
        ReadOnlySpan<byte> bytes = record[HopEvent.BytesOffset..];
        bytes = bytes[..Math.Min((int)head.Captured, bytes.Length)];
        return new Sighting
        {
            Node = node,
            Time = head.Time,
            UnixTime = (ulong)((long)head.Time + _clockOffset),
            Facts = PacketFacts.Read(bytes, head.L3Offset != 0 ? LayerKind.Ethernet : IPKindOf(bytes), _names.TunnelPort),
            Namespace = _namespaces.GetValueOrDefault(head.Netns),
            NamespaceInode = head.Netns,
            Fields = MemoryMarshal.Read<HopSkb>(record[HopEvent.FieldsOffset..]),
            Device = TextOf(record.Slice(HopEvent.DeviceOffset, HopEvent.NameLength)),
            Point = head.Point,
            Skb = head.Skb,
            Cpu = head.Cpu,
            Length = head.Len,
            SegmentSize = head.GsoSize,
            Mark = head.Mark,
            KernelReason = head.Point == HopPoint.Drop ? ReasonOf(head.Reason) : null,
            Process = head.Pid == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{TextOf(record.Slice(HopEvent.ProcessOffset, HopEvent.NameLength))}[{head.Pid}]"),
            Stack = StackOf(head, record),
            Bytes = bytes.ToArray(),
            HasEthernet = head.L3Offset != 0,
        };
    }

    private Sighting? ReadEvent(ReadOnlySpan<byte> bytes)
    {
        if (!EventRecord.TryParse(bytes, out EventRecord record) || record.Type is not (EventType.Trace or EventType.Drop or EventType.Policy))
        {
            return null;
        }

        bool isEthernet = record.FirstLayer == LayerKind.Ethernet;
        return new Sighting
        {
            Node = node,
            Time = record.Header.Time,
            UnixTime = (ulong)((long)record.Header.Time + _clockOffset),
            Facts = PacketFacts.Read(record.Packet, isEthernet ? LayerKind.Ethernet : IPKindOf(record.Packet), _names.TunnelPort),
            Namespace = "",
            NamespaceInode = _namespaces.FirstOrDefault(pair => pair.Value.Length == 0).Key,
            Cpu = record.Header.Cpu,
            Mark = record.Header.Mark,
            Length = record.LengthOnWire,
            Program = VerdictOf(record),
            Bytes = record.Packet.ToArray(),
            HasEthernet = isEthernet,
        };
    }

    private ProgramVerdict VerdictOf(EventRecord record)
    {
        if (record.Type == EventType.Drop)
        {
            DropRecord drop = record.Drop;
            return new ProgramVerdict
            {
                Drop = (DropReason)record.Header.Subtype,
                DropPlace = string.Create(CultureInfo.InvariantCulture, $"{SourceFiles.Name(drop.File)}:{drop.Line}"),
                SourceIdentity = drop.SrcIdentity,
                DestinationIdentity = drop.DstIdentity,
                Endpoint = record.Header.Source,
                Conntrack = ConntrackState.Unknown,
                Device = DeviceOf(drop.IfIndex),
            };
        }

        if (record.Type == EventType.Policy)
        {
            PolicyRecord verdict = record.Policy;
            (uint source, uint destination) = record.Identities;
            return new ProgramVerdict
            {
                Judgement = new PolicyJudgement(verdict, _names.Rules.Find(verdict.Rule)),
                SourceIdentity = source,
                DestinationIdentity = destination,
                Endpoint = record.Header.Source,
                Conntrack = ConntrackState.Unknown,
                Device = DeviceOf(verdict.IfIndex),
            };
        }

        TraceRecord trace = record.Trace;
        return new ProgramVerdict
        {
            Point = (TracePoint)record.Header.Subtype,
            SourceIdentity = trace.SrcIdentity,
            DestinationIdentity = trace.DstIdentity,
            Endpoint = trace.DstId != 0 ? trace.DstId : record.Header.Source,
            Receiver = (TracePoint)record.Header.Subtype == TracePoint.ToEndpoint ? _endpoints.GetValueOrDefault(trace.DstId) : null,
            Conntrack = trace.Reason,
            Device = DeviceOf(trace.IfIndex),
        };
    }

    private string? DeviceOf(uint index) => index == 0 ? null
        : _names.TryGetInterface(index, out string? name) ? name : string.Create(CultureInfo.InvariantCulture, $"if{index}");

    private string ReasonOf(uint reason) =>
        _dropReasons.GetValueOrDefault(reason) ?? string.Create(CultureInfo.InvariantCulture, $"reason {reason}");

    private string[] StackOf(in HopHead head, ReadOnlySpan<byte> record)
    {
        List<string> stack = [];
        if (head.Location != 0)
        {
            stack.Add(NameOf(head.Location));
        }

        for (int index = 0; index < Math.Min((int)head.StackLen, HopEvent.MaxStack); index++)
        {
            string function = NameOf(BinaryPrimitives.ReadUInt64LittleEndian(record[(HopEvent.StackOffset + (8 * index))..]));
            // The stack of a function that was just called begins with it.
            if (head.Point != HopPoint.Function || index > 0 || stack.Count == 0 || stack[0] != function)
            {
                stack.Add(function);
            }
        }

        return [.. stack];
    }

    private string NameOf(ulong address) => _symbols.GetValueOrDefault(address) ?? string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");

    private static LayerKind IPKindOf(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] >> 4 == 6 ? LayerKind.IPv6 : LayerKind.IPv4;

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end == 0 ? null : Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
