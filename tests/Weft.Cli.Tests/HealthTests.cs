using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Api.Cluster;
using Weft.Api.Health;
using Weft.Api.Status;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class HealthTests : IDisposable
{
    private readonly FakeAgent _agent = Bpf1.StartAgent();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("health status", "health-status.txt")]
    [InlineData("health status --verbose", "health-status-verbose.txt")]
    [InlineData("status", "status-health.txt")]
    public async Task A_cluster_that_answers_is_success(string line, string golden)
    {
        CliResult result = await RunAsync(Probes.AllAnswered, line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("health status", 1, "health-status-sick.txt")]
    [InlineData("health status --verbose", 1, "health-status-sick-verbose.txt")]
    [InlineData("status", 0, "status-health-sick.txt")] // the node itself is well
    public async Task Nodes_that_do_not_answer_are_named(string line, int code, string golden)
    {
        CliResult result = await RunAsync(Probes.SomeAnswered, line);

        Assert.Equal((code, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Fact]
    public async Task Probe_has_the_agent_probe_first()
    {
        _agent.On("PUT /v1/health/probe", Bpf1.Json(Probes.AllAnswered, ApiJson.Default.HealthStatusResponse));

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "health status --probe -o json");

        Assert.Equal(0, result.Code);
        Assert.Equal("bpf1", JsonNode.Parse(result.Output)!["local"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Before_the_first_probe_nothing_is_reachable_nor_unreachable()
    {
        PathStatus path = new() { Ip = "192.168.2.61" };
        NodeHealthStatus unknown = new() { Name = "bpf1", Host = new AddressesHealth { PrimaryAddress = path } };

        CliResult result = await RunAsync(new HealthStatusResponse { Nodes = [unknown], ProbeInterval = "41.6s" }, "health status");

        Assert.Equal(0, result.Code);
        Assert.StartsWith("Cluster health:   0/1 reachable   (never probed)", result.Output, StringComparison.Ordinal);
        Assert.Contains("unknown", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_probes_nothing_says_so()
    {
        _agent.On("GET /v1/health", """{"code":"health-disabled","message":"this agent probes nothing"}""", 404);

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "health status");

        Assert.Equal(new CliResult(1, "", "weft: this agent probes nothing\n"), result);
    }

    private Task<CliResult> RunAsync(HealthStatusResponse health, string line)
    {
        StatusResponse status = Bpf1.Status with
        {
            Cluster = new ClusterStatus { Health = new ComponentStatus { State = ComponentState.Ok } },
        };
        _agent.On("GET /v1/healthz", Bpf1.Json(status, ApiJson.Default.StatusResponse))
            .On("GET /v1/health", Bpf1.Json(health, ApiJson.Default.HealthStatusResponse));
        return CliRun.Weft(Bpf1.MachineOf(_agent), line);
    }
}
