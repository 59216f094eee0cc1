using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Weft.Abi;
using Weft.Cli.Tests.Support;
using Weft.Events;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class MonitorTests : IDisposable
{
    private const ushort Cni = 3663;
    private const ushort Other = 1429;
    private readonly FakeAgent _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("monitor", "types=drop,trace", "monitor.txt")]
    [InlineData("monitor -v", "types=capture,debug,drop,trace", "monitor-v.txt")]
    [InlineData("monitor -vv", "types=capture,debug,drop,trace", "monitor-vv.txt")]
    [InlineData("monitor --type debug", "types=debug", "monitor-debug.txt")]
    [InlineData("monitor --json", "types=capture,debug,drop,trace", "monitor.jsonl")]
    [InlineData("monitor -o json", "types=capture,debug,drop,trace", "monitor.jsonl")]
    [InlineData("monitor -v --from 1429", "types=capture,debug,drop,trace&endpoint=1429", "monitor-from.txt")]
    [InlineData("monitor -v --to 1429", "types=capture,debug,drop,trace&endpoint=1429", "monitor-to.txt")]
    [InlineData("monitor -v --related-to 1429,7", "types=capture,debug,drop,trace&endpoint=7&endpoint=1429", "monitor-related.txt")]
    [InlineData("monitor -n --time", "types=drop,trace", "monitor-numeric-time.txt")]
    public async Task Events_print_as_recorded(string line, string query, string golden)
    {
        _agent.On($"GET /v1/monitor?{query}", Frames());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, line);

        Golden.Matches(golden, result.Output);
        Assert.Equal(3, result.Code);
        Assert.EndsWith("the agent has ended the stream of events (does weft-agent still run? look at its log)\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_is_json_from_the_first_byte()
    {
        _agent.On("GET /v1/monitor?types=capture,debug,drop,trace", Frames());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor -j");

        Assert.All(result.Output.TrimEnd('\n').Split('\n'), line => Assert.NotNull(JsonNode.Parse(line)!["type"]));
        Assert.StartsWith("Listening for events on 2 CPUs with 1024x4096 of shared memory\nPress Ctrl-C to quit\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_breaks_within_a_frame_is_a_lost_agent()
    {
        byte[] frames = Frames();
        for (int length = 0; length < frames.Length; length += 7)
        {
            _agent.On("GET /v1/monitor?types=drop,trace", frames[..length]);

            CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor");

            Assert.Equal(3, result.Code);
        }
    }

    [Fact]
    public async Task Garbage_is_a_failure()
    {
        _agent.On("GET /v1/monitor?types=drop,trace", [.. Enumerable.Repeat((byte)0xff, 64)]);

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor");

        Assert.Equal(1, result.Code);
        Assert.Contains("not a monitor stream", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_event_is_reported_and_passed_over()
    {
        ArrayBufferWriter<byte> frames = new();
        MonitorFrameWriter writer = new(frames);
        writer.WriteRecord([4, 0, 0]);
        writer.WriteLost(3, LostCause.ClientSlow);
        _agent.On("GET /v1/monitor?types=drop,trace", frames.WrittenSpan.ToArray());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor");

        Assert.Equal("Lost 3 events: this client did not read fast enough\n", result.Output);
        Assert.StartsWith("weft: read event: 3 bytes that are no event", result.Error, StringComparison.Ordinal);
    }

    private static byte[] Frames()
    {
        ArrayBufferWriter<byte> frames = new();
        MonitorFrameWriter writer = new(frames);
        writer.WriteNames(new MonitorNames
        {
            Cpus = 2,
            RingBytes = 4 << 20,
            Interfaces = MonitorNames.FromJson("""{"interfaces":{"7":"weft_vxlan"}}"""u8)!.Interfaces,
        });
        writer.WriteRecord(Debug(Cni));
        writer.WriteRecord(Trace(Cni, to: 0));
        writer.WriteLost(12, LostCause.RingFull);
        writer.WriteRecord(Trace(0, to: Other));
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
