using Weft.Cni.Tests.Support;

namespace Weft.Cni.Tests;

public sealed class VersionTests
{
    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.3.1")]
    [InlineData("1.1.0")]
    [InlineData("9.0.0")]
    public async Task Every_runtime_is_answered_in_its_own_version(string version)
    {
        CniAnswer answer = await new CniCall().RunAsync("VERSION", $$"""{"cniVersion":"{{version}}"}""");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(version, answer.Json.GetProperty("cniVersion").GetString());
        Assert.Equal(
            ["0.3.1", "0.4.0", "1.0.0", "1.1.0"],
            answer.Json.GetProperty("supportedVersions").EnumerateArray().Select(supported => supported.GetString()));
    }

    [Fact]
    public async Task A_runtime_that_sends_nothing_is_told_the_newest()
    {
        CniAnswer answer = await new CniCall().RunAsync("VERSION", "");

        Assert.Equal("1.1.0", answer.Json.GetProperty("cniVersion").GetString());
    }

    [Theory]
    [InlineData("0.2.0")]
    [InlineData("2.0.0")]
    [InlineData("1.1")]
    public async Task A_version_that_is_not_spoken_is_code_1_and_the_agent_is_not_asked(string version)
    {
        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config("/nowhere", version));

        Assert.Equal(1, answer.ErrorCode);
        Assert.Contains(version, answer.Json.GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_version_at_all_is_code_1()
    {
        CniAnswer answer = await new CniCall().RunAsync("ADD", """{"name":"pods"}""");

        Assert.Equal(1, answer.ErrorCode);
    }

    [Theory]
    [InlineData("CHECK", "0.3.1")]
    [InlineData("STATUS", "1.0.0")]
    [InlineData("GC", "0.4.0")]
    public async Task A_verb_that_the_version_does_not_have_is_code_1(string command, string version)
    {
        CniAnswer answer = await new CniCall().RunAsync(command, CniCall.Config("/nowhere", version));

        Assert.Equal(1, answer.ErrorCode);
        Assert.Contains(command, answer.Message, StringComparison.Ordinal);
        Assert.Equal(version, answer.Json.GetProperty("cniVersion").GetString());
    }
}
