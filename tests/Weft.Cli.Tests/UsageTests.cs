using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("statsu", "weft has no command 'statsu': there are status, health, endpoint,")]
    [InlineData("endpoint", "endpoint: which command? there are list, get, config, log (see 'weft endpoint --help')")]
    [InlineData("bpf ct", "bpf ct: which command? there are list (see 'weft bpf ct --help')")]
    [InlineData("endpoint gett", "endpoint has no command 'gett': there are list, get, config, log")]
    [InlineData("endpoint get", "required argument 'ENDPOINT' missing for command: 'get' (see 'weft endpoint get --help')")]
    [InlineData("endpoint get 1 2", "endpoint get takes no '2'")]
    [InlineData("endpoint get 65536", "'65536' names no endpoint: give a number, pod-name:NAMESPACE/NAME")]
    [InlineData("endpoint get ipv4:10.0.1", "'ipv4:10.0.1' names no endpoint")]
    [InlineData("endpoint get pod-name:", "'pod-name:' names no endpoint")]
    [InlineData("identity get 12x", "'12x' is not the number of an identity")]
    [InlineData("status --foo", "status has no option '--foo'")]
    [InlineData("status --brief --verbose", "--verbose and --brief exclude each other")]
    [InlineData("-o yaml status", "--output cannot be 'yaml': it is one of text, json")]
    [InlineData("bpf ct list all", "'all' is neither 'global' nor the number of an endpoint")]
    [InlineData("monitor --type packet", "--type cannot be 'packet': it is one of agent, capture, debug, drop, policy-verdict, trace")]
    [InlineData("monitor --from x", "--from cannot be 'x': it is the number of an endpoint")]
    [InlineData("completion tcsh", "SHELL cannot be 'tcsh': it is one of bash, zsh, fish")]
    [InlineData("--socket /a --node b status", "give one or the other")]
    public async Task Mistake_is_one_line_that_helps_and_exit_code_2(string line, string error)
    {
        CliResult result = await CliRun.Weft(line);

        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.StartsWith("weft: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("endpoint list")]
    [InlineData("endpoint config 1 Debug=on")]
    [InlineData("identity list")]
    [InlineData("node list")]
    [InlineData("monitor")]
    [InlineData("config")]
    public async Task Unreachable_agent_is_exit_code_3(string line)
    {
        CliResult result = await CliRun.Weft(line);

        Assert.Equal((3, ""), (result.Code, result.Output));
        Assert.Equal(
            "weft: connect to the agent, on /nonexistent/weft.sock: no such socket (is weft-agent running on this node? "
            + "give its socket with --socket, or a lab's node with --lab and --node)\n",
            result.Error);
    }

    [Theory]
    [InlineData("bpf endpoint list", "weft_endpoints")]
    [InlineData("bpf ipcache list", "weft_ipcache")]
    [InlineData("bpf ct list global", "weft_ct_tcp")]
    [InlineData("bpf metrics list", "weft_metrics")]
    [InlineData("bpf node list", "weft_nodes")]
    public async Task Missing_pin_is_named_with_the_reason(string line, string map)
    {
        CliResult result = await CliRun.Weft(line);

        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Equal(
            $"weft: open map {map}, on /nonexistent/bpf/maps/{map}: no such pin "
            + "(has an agent been started on this node? its maps stay when it ends)\n",
            result.Error);
    }
}
