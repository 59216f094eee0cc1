using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Events.Hops;
using Weft.Tests.Shared;

namespace Weft.Events.Tests.Hops;

public sealed class SightingReaderTests
{
    private const ulong IpRcv = 0xffffffff81000000;

    [Fact]
    public void A_called_function_comes_first_and_once()
    {
        SightingReader reader = Ready();
        HopHead head = new() { Time = 7, Skb = 9, Location = IpRcv, Point = HopPoint.Function, Netns = 5, StackLen = 2 };

        Sighting seen = reader.Read(Hop(head, new HopSkb { Users = 3, PktType = 1 }, IpRcv + 4, IpRcv + 0x100))!;

        Assert.Equal(["ip_rcv", "__netif_receive_skb_one_core"], seen.Stack);
        Assert.Equal((3u, (byte)1), (seen.Fields!.Value.Users, seen.Fields.Value.PktType));
        Assert.Equal((5u, "default/web"), (seen.NamespaceInode, seen.Namespace));
    }

    [Fact]
    public void Functions_are_told_of_before_the_trace_begins()
    {
        SightingReader reader = new("bpf1");

        reader.Read(Frame(MonitorFrameKind.Functions, new TracedFunctions(10, 7, 3, null).ToJson()));

        Assert.Equal((new TracedFunctions(10, 7, 3, null), false), (reader.Functions, reader.IsReady));
        Assert.Null(Frame(MonitorFrameKind.Functions, "{"u8.ToArray()).GetFunctions());
    }

    [Fact]
    public void Damaged_records_are_read_or_left_out_and_nothing_worse()
    {
        SightingReader reader = Ready();
        byte[] record = Hop(new HopHead { Point = HopPoint.Function, StackLen = 2 }, default, 0, 0).Payload.ToArray();

        Fuzz.Mutations(record, bytes => reader.Read(Frame(MonitorFrameKind.Hop, bytes)));
        foreach (byte[] verdict in CraftedEvents.Verdicts())
        {
            Fuzz.Mutations(verdict, bytes => reader.Read(Frame(MonitorFrameKind.Record, bytes)), count: 500);
        }
    }

    private static SightingReader Ready()
    {
        SightingReader reader = new("bpf1");
        ArrayBufferWriter<byte> symbols = new();
        new MonitorFrameWriter(symbols).WriteSymbols(
            new Dictionary<ulong, string> { [IpRcv] = "ip_rcv", [IpRcv + 4] = "ip_rcv", [IpRcv + 0x100] = "__netif_receive_skb_one_core" });
        reader.Read(Frame(MonitorFrameKind.Symbols, symbols.WrittenSpan[MonitorFrame.HeaderSize..].ToArray()));
        reader.Read(Frame(MonitorFrameKind.Tracing, new TracingNames { Namespaces = ImmutableSortedDictionary<string, string>.Empty.Add("5", "default/web") }.ToJson()));
        return reader;
    }

    private static MonitorFrame Hop(HopHead head, HopSkb fields, params ReadOnlySpan<ulong> stack)
    {
        byte[] record = new byte[HopEvent.Size];
        MemoryMarshal.Write(record, head);
        MemoryMarshal.Write(record.AsSpan(HopEvent.FieldsOffset), fields);
        MemoryMarshal.AsBytes(stack).CopyTo(record.AsSpan(HopEvent.StackOffset));
        return Frame(MonitorFrameKind.Hop, record);
    }

    private static MonitorFrame Frame(MonitorFrameKind kind, byte[] payload) => new(kind, payload);
}
