using Weft.Cni.Tests.Support;

namespace Weft.Cni.Tests;

public sealed class AgentDownTests
{
    [Theory]
    [InlineData("ADD", 11)]
    [InlineData("CHECK", 11)]
    [InlineData("GC", 11)]
    [InlineData("STATUS", 50)]
    public async Task The_runtime_is_told_to_come_again_or_that_the_node_is_not_ready(string command, int code)
    {
        string socket = Path.Combine(Path.GetTempPath(), $"weft-no-agent-{Environment.ProcessId}.sock");

        CniAnswer answer = await new CniCall().RunAsync(
            command, CniCall.Config(socket, more: ""","prevResult":{},"cni.dev/valid-attachments":[]"""));

        Assert.Equal(code, answer.ErrorCode);
        Assert.Contains(socket, answer.Message, StringComparison.Ordinal);
    }
}
