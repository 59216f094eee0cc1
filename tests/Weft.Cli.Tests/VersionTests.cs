using Weft.Cli.Tests.Support;
using Weft.Cli.Version;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public class VersionTests
{
    [Fact]
    public async Task Both_sides_are_shown()
    {
        using FakeAgent agent = Bpf1.StartAgent();

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(agent), "version");

        Assert.Equal(new CliResult(0, $"Client: {VersionCommand.Own}\nDaemon: 0.1.0 (v0.1.0-8ab2fc31)\n", ""), result);
    }

    [Fact]
    public async Task Own_version_is_shown_where_no_agent_answers()
    {
        CliResult result = await CliRun.Weft("version");

        Assert.Equal((3, $"Client: {VersionCommand.Own}\n"), (result.Code, result.Output));
        Assert.StartsWith("weft: connect to the agent", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_alone_needs_no_agent()
    {
        CliResult result = await CliRun.Weft("version --client -o json");

        Assert.Equal(new CliResult(0, $"{{\n  \"client\": \"{VersionCommand.Own}\"\n}}\n", ""), result);
    }

    [Theory]
    [InlineData("0.1.0+8ab2fc3119aa", "0.1.0 8ab2fc31")]
    [InlineData("0.1.0+8ab2", "0.1.0 8ab2")]
    [InlineData("0.1.0", "0.1.0")]
    public void Commit_is_shortened(string informational, string shown) => Assert.Equal(shown, VersionCommand.Describe(informational));
}
