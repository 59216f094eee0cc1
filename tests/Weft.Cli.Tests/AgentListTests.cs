using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary>Commands that print what the agent answers: endpoints, identities, nodes.</summary>
public sealed class AgentListTests : IDisposable
{
    private readonly FakeAgent _agent = Bpf1.StartAgent();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("endpoint list", "endpoint-list.txt")]
    [InlineData("endpoint list --no-headers", "endpoint-list-no-headers.txt")]
    [InlineData("endpoint get 3663", "endpoint-get.json")]
    [InlineData("endpoint log 3663", "endpoint-log.txt")]
    [InlineData("identity list", "identity-list.txt")]
    [InlineData("identity get 37483", "identity-get.txt")]
    [InlineData("node list", "node-list.txt")]
    [InlineData("service list", "service-list.txt")]
    [InlineData("service get 1", "service-get.txt")]
    public async Task Output_is_as_recorded(string line, string golden)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("endpoint list", 3)]
    [InlineData("endpoint get 3663", 1)]
    [InlineData("endpoint log 3663", 2)]
    [InlineData("identity list", 3)]
    [InlineData("identity get 37483", 1)]
    [InlineData("node list", 2)]
    [InlineData("service list", 3)]
    [InlineData("service get 1", 1)]
    public async Task Json_is_an_array(string line, int length)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line + " -o json");

        Assert.Equal(length, JsonNode.Parse(result.Output)!.AsArray().Count);
    }

    [Theory]
    [InlineData("none", "Disabled", "Disabled (Audit)   Disabled (Audit)")]
    [InlineData("none", "", "Disabled           Disabled")]
    [InlineData("ingress", "Disabled", "Enabled (Audit)    Disabled (Audit)")]
    [InlineData("egress", "", "Disabled           Enabled")]
    [InlineData("both", "", "Enabled            Enabled")]
    public async Task The_list_says_which_directions_are_enforced(string enabled, string audit, string columns)
    {
        EndpointResource endpoint = Bpf1.Endpoints[0];
        Dictionary<string, string> options = audit.Length == 0 ? [] : new() { [DatapathOption.PolicyAuditMode] = DatapathOption.Enabled };
        endpoint = endpoint with
        {
            Status = endpoint.Status! with
            {
                Policy = new EndpointPolicyStatus { Realized = new EndpointPolicy { PolicyEnabled = enabled } },
                Realized = new EndpointConfigurationSpec { Options = options },
            },
        };
        _agent.On("GET /v1/endpoint", Bpf1.Json([endpoint], ApiJson.Default.EndpointList));

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "endpoint list");

        Assert.Contains($"3663       {columns} ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_do_the_same()
    {
        CliResult list = await CliRun.Weft(Bpf1.MachineOf(_agent), "endpoint list");
        CliResult alias = await CliRun.Weft(Bpf1.MachineOf(_agent), "endpoints ls");

        Assert.Equal(list, alias);
    }

    [Fact]
    public async Task Refusal_of_the_agent_is_one_line_and_exit_code_1()
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "endpoint get 9");

        Assert.Equal(new CliResult(1, "", "weft: endpoint 9: not on this node\n"), result);
    }
}
