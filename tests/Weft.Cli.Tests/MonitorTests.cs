using System.Buffers;
using System.Text.Json.Nodes;
using Weft.Cli.Tests.Support;
using Weft.Events;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class MonitorTests : IDisposable
{
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
        _agent.On($"GET /v1/monitor?{query}", SampleStream.Create());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, line);

        Golden.Matches(golden, result.Output);
        Assert.Equal(3, result.Code);
        Assert.EndsWith("the agent has ended the stream of events (does weft-agent still run? look at its log)\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_is_json_from_the_first_byte()
    {
        _agent.On("GET /v1/monitor?types=capture,debug,drop,trace", SampleStream.Create());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor -j");

        Assert.All(result.Output.TrimEnd('\n').Split('\n'), line => Assert.NotNull(JsonNode.Parse(line)!["type"]));
        Assert.StartsWith("Listening for events on 2 CPUs with 1024x4096 of shared memory\nPress Ctrl-C to quit\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_breaks_within_a_frame_is_a_lost_agent()
    {
        byte[] frames = SampleStream.Create();
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
}
