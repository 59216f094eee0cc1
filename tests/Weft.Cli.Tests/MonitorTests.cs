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
    [InlineData("monitor", "types=drop,policy-verdict,trace", "monitor.txt")]
    [InlineData("monitor -v", "types=capture,debug,drop,policy-verdict,trace", "monitor-v.txt")]
    [InlineData("monitor -vv", "types=capture,debug,drop,policy-verdict,trace", "monitor-vv.txt")]
    [InlineData("monitor --type debug", "types=debug", "monitor-debug.txt")]
    [InlineData("monitor --json", "types=capture,debug,drop,policy-verdict,trace", "monitor.jsonl")]
    [InlineData("monitor -o json", "types=capture,debug,drop,policy-verdict,trace", "monitor.jsonl")]
    [InlineData("monitor -v --from 1429", "types=capture,debug,drop,policy-verdict,trace&endpoint=1429", "monitor-from.txt")]
    [InlineData("monitor -v --to 1429", "types=capture,debug,drop,policy-verdict,trace&endpoint=1429", "monitor-to.txt")]
    [InlineData("monitor -v --related-to 1429,7", "types=capture,debug,drop,policy-verdict,trace&endpoint=7&endpoint=1429", "monitor-related.txt")]
    [InlineData("monitor -n --time", "types=drop,policy-verdict,trace", "monitor-numeric-time.txt")]
    [InlineData("monitor --hex -v", "types=capture,debug,drop,policy-verdict,trace", "monitor-hex.txt")]
    [InlineData("monitor --color always -v", "types=capture,debug,drop,policy-verdict,trace", "monitor-color.txt")]
    [InlineData("monitor --aggregate max -v", "types=capture,debug,drop,policy-verdict,trace", "monitor-folded.txt")]
    [InlineData("monitor --aggregate max --json", "types=capture,debug,drop,policy-verdict,trace", "monitor-folded.jsonl")]
    [InlineData("monitor --drop-reason invalid-source-ip", "types=drop&reason=132", "monitor-drop.txt")]
    [InlineData("monitor --type policy-verdict", "types=policy-verdict", "monitor-verdicts.txt")]
    [InlineData("monitor --type policy-verdict --color always", "types=policy-verdict", "monitor-verdicts-color.txt")]
    [InlineData("monitor --type policy-verdict --to 1429", "types=policy-verdict&endpoint=1429", "monitor-verdicts-to.txt")]
    [InlineData("monitor --to-identity 12057 --protocol icmp", "types=drop,policy-verdict,trace&end=to%3Aidentity%3D12057&protocol=icmp", "monitor-identity.txt")]
    [InlineData("monitor --not --interface weft_vxlan", "types=drop,policy-verdict,trace&interface=weft_vxlan&not=1", "monitor-not.txt")]
    [InlineData("monitor --ip 10.0.0.0/8,10.0.0.23 --port 7", "types=drop,policy-verdict,trace&end=any%3A10.0.0.0%2F8%2C10.0.0.23%2F32&port=7", "monitor-nothing.txt")]
    [InlineData("monitor --join", "types=drop,policy-verdict,trace", "monitor-join.txt")]
    [InlineData("monitor --join -o json", "types=drop,policy-verdict,trace", "monitor-join.jsonl")]
    public async Task Events_print_as_recorded(string line, string query, string golden)
    {
        _agent.On($"GET /v1/monitor?{query}", SampleStream.Create());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, line);

        Golden.Matches(golden, result.Output);
        Assert.Equal(3, result.Code);
        Assert.EndsWith("the agent has ended the stream of events (does weft-agent still run? look at its log)\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_count_ends_the_monitor_well()
    {
        _agent.On("GET /v1/monitor?types=drop,policy-verdict,trace", SampleStream.Create());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor -c 1");

        Assert.Equal(0, result.Code);
        Assert.Equal(3, result.Output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Lines_of_several_nodes_begin_with_their_names()
    {
        using FakeAgent other = new();
        _agent.On("GET /v1/monitor?types=drop", SampleStream.Create("bpf1"));
        other.On("GET /v1/monitor?types=drop", SampleStream.Create("bpf2"));

        CliResult result = await CliRun.Weft($"--socket {_agent.SocketPath} --socket {other.SocketPath} monitor --type drop");

        string[] lines = [.. result.Output.TrimEnd('\n').Split('\n').Skip(2)];
        Assert.All(lines, line => Assert.Matches("^bpf[12]: (xx drop|Lost)", line));
        Assert.Contains(lines, line => line.StartsWith("bpf1: xx", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("bpf2: xx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_reported_and_the_others_are_watched()
    {
        _agent.On("GET /v1/monitor?types=drop", SampleStream.Create("bpf1"));

        CliResult result = await CliRun.Weft($"--socket {_agent.SocketPath} --socket /nonexistent/other.sock monitor --type drop");

        Assert.Contains("xx drop", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("weft: node /nonexistent/other.sock: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ip 10.0.0", "--ip cannot be '10.0.0'")]
    [InlineData("--from-ip 10.0.0.1/33", "--from-ip cannot be '10.0.0.1/33'")]
    [InlineData("--identity nobody", "--identity cannot be 'nobody'")]
    [InlineData("--port 0", "--port cannot be '0'")]
    [InlineData("--protocol smoke", "--protocol cannot be 'smoke'")]
    [InlineData("--drop-reason bored", "--drop-reason cannot be 'bored'")]
    [InlineData("--duration soon", "--duration cannot be 'soon'")]
    [InlineData("-c 0", "--count cannot be '0'")]
    [InlineData("--aggregate much", "--aggregate cannot be 'much'")]
    [InlineData("--filter tcp[", "--filter: read filter 'tcp['")]
    [InlineData("--label =", "--label '='")]
    [InlineData("--join --hex", "--join and --hex")]
    [InlineData("--join --aggregate max", "--join and --aggregate")]
    public async Task What_cannot_be_meant_is_said_with_what_can(string options, string error)
    {
        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, $"monitor {options}");

        Assert.Equal(2, result.Code);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_is_json_from_the_first_byte()
    {
        _agent.On("GET /v1/monitor?types=capture,debug,drop,policy-verdict,trace", SampleStream.Create());

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
            _agent.On("GET /v1/monitor?types=drop,policy-verdict,trace", frames[..length]);

            CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor");

            Assert.Equal(3, result.Code);
        }
    }

    [Fact]
    public async Task Garbage_is_a_failure()
    {
        _agent.On("GET /v1/monitor?types=drop,policy-verdict,trace", [.. Enumerable.Repeat((byte)0xff, 64)]);

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
        _agent.On("GET /v1/monitor?types=drop,policy-verdict,trace", frames.WrittenSpan.ToArray());

        CliResult result = await CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, "monitor");

        Assert.Equal("Lost 3 events: this client did not read fast enough\n", result.Output);
        Assert.StartsWith("weft: read event: 3 bytes that are no event", result.Error, StringComparison.Ordinal);
    }
}
