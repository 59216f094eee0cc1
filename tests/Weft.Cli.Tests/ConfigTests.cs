using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly FakeAgent _agent = Bpf1.StartAgent();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("config", "config.txt")]
    [InlineData("config --all", "config-all.txt")]
    [InlineData("config -o json", "config.json")]
    public async Task Settings_print_as_recorded(string line, string golden)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("config Debug=Enabled", """{"options":{"Debug":"Enabled"}}""")]
    [InlineData("config debug=on DROPNOTIFICATION=false", """{"options":{"Debug":"Enabled","DropNotification":"Disabled"}}""")]
    [InlineData("config MonitorAggregationLevel=none", """{"options":{"MonitorAggregationLevel":"None"}}""")]
    public async Task Changes_are_sent_in_the_spelling_of_the_api(string line, string body)
    {
        _agent.On("PATCH /v1/config", "");

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(body, _agent.Requests.First().Body);
    }

    [Fact]
    public async Task Endpoint_settings_are_changed_and_shown()
    {
        _agent.On("PATCH /v1/endpoint/3663/config", "")
            .On("GET /v1/endpoint/3663/config", """{"realized":{"options":{"Debug":"Enabled","DropNotification":"Enabled"}}}""");

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), "endpoint config 3663 Debug=true");

        Assert.Equal(new CliResult(0, "Debug            : Enabled\nDropNotification : Enabled\n", ""), result);
        Assert.Equal("""{"options":{"Debug":"Enabled"}}""", _agent.Requests.First().Body);
    }

    [Theory]
    [InlineData("config Debug", "'Debug' is not KEY=VALUE")]
    [InlineData("config Debug=maybe", "option Debug cannot be 'maybe': it is one of Enabled, Disabled")]
    [InlineData("config Speed=1", "no option 'Speed' can be changed: there are Debug,")]
    [InlineData("endpoint config 3663 MonitorAggregationLevel=None", "no option 'MonitorAggregationLevel' can be changed")]
    public async Task Change_that_cannot_be_meant_is_refused_before_anything_is_sent(string line, string error)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), line);

        Assert.Equal(2, result.Code);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Empty(_agent.Requests);
    }
}
