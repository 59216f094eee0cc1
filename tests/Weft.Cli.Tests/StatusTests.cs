using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class StatusTests : IDisposable
{
    private readonly FakeAgent _agent = Bpf1.StartAgent();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("status", "status.txt")]
    [InlineData("status --verbose", "status-verbose.txt")]
    [InlineData("status --brief", "status-brief.txt")]
    [InlineData("status -o json", "status.json")]
    public async Task Healthy_node_prints_as_recorded(string line, string golden)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("status", "status-sick.txt")]
    [InlineData("status --brief", "status-sick-brief.txt")]
    public async Task Node_with_a_failure_exits_with_1(string line, string golden)
    {
        _agent.On("GET /v1/healthz", Bpf1.Json(Bpf1.SickStatus, ApiJson.Default.StatusResponse));

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal(1, result.Code);
        Golden.Matches(golden, result.Output);
    }

    [Fact]
    public async Task What_an_agent_says_nothing_of_is_disabled()
    {
        _agent.On("GET /v1/healthz", """{"cilium":{"state":"Ok"}}""");

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "status --verbose");

        Assert.Equal(0, result.Code);
        Golden.Matches("status-bare.txt", result.Output);
    }

    [Theory]
    [InlineData("""{"enabled":true,"cgroup":"/sys/fs/cgroup"}""", "  Socket LB:             Enabled [/sys/fs/cgroup]")]
    [InlineData("""{"enabled":false,"msg":"switched off"}""", "  Socket LB:             Disabled [switched off]")]
    public async Task Translation_at_the_socket_is_told_with_its_place_or_with_why_not(string socketLB, string line)
    {
        _agent.On("GET /v1/healthz", $$$"""{"cilium":{"state":"Ok"},"kube-proxy-replacement":{"mode":"True","socketLB":{{{socketLB}}}}}""");

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "status --verbose");

        Assert.Contains($"KubeProxyReplacement Details:\n{line}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_agents_document()
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "status -o json");

        Assert.Equal("Ok", JsonNode.Parse(result.Output)!["kvstore"]!["state"]!.GetValue<string>());
    }
}
