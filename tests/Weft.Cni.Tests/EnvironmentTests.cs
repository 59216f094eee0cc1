using Weft.Cni.Tests.Support;

namespace Weft.Cni.Tests;

public sealed class EnvironmentTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("add")]
    [InlineData("UPDATE")]
    public async Task An_unknown_command_is_code_4_and_the_input_is_not_read(string? command)
    {
        CniAnswer answer = await new CniCall().RunAsync(command!, "not JSON");

        Assert.Equal(4, answer.ErrorCode);
        Assert.Contains("CNI_COMMAND", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADD", "CNI_CONTAINERID", null)]
    [InlineData("ADD", "CNI_CONTAINERID", "../etc")]
    [InlineData("ADD", "CNI_CONTAINERID", "box1\n")]
    [InlineData("ADD", "CNI_IFNAME", "")]
    [InlineData("ADD", "CNI_IFNAME", "sixteen-letters-")]
    [InlineData("ADD", "CNI_IFNAME", "eth0/1")]
    [InlineData("ADD", "CNI_NETNS", null)]
    [InlineData("ADD", "CNI_NETNS", "run/netns/box1")]
    [InlineData("ADD", "CNI_ARGS", "K8S_POD_NAME")]
    [InlineData("ADD", "CNI_ARGS", "=value")]
    [InlineData("CHECK", "CNI_NETNS", "")]
    [InlineData("DEL", "CNI_CONTAINERID", "")]
    [InlineData("DEL", "CNI_IFNAME", null)]
    public async Task A_variable_that_is_missing_or_malformed_is_code_4_and_named(string command, string variable, string? value)
    {
        CniCall call = new();
        call.Environment[variable] = value;

        CniAnswer answer = await call.RunAsync(command, CniCall.Config("/nowhere"));

        Assert.Equal(4, answer.ErrorCode);
        Assert.Contains(variable, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        CniCall call = new();
        call.Environment.Clear();

        CniAnswer answer = await call.RunAsync("ADD", CniCall.Config("/nowhere"));

        Assert.Equal("CNI_CONTAINERID is not set; CNI_IFNAME is not set; CNI_NETNS is not set", answer.Message);
    }
}
