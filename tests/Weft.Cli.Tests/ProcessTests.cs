using System.Diagnostics;
using System.Globalization;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary>What only a real process shows: signals, and a reader that goes away.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private readonly FakeAgent _agent = new FakeAgent().OnStream("GET /v1/monitor?types=drop,policy-verdict,trace", SampleStream.Create());

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Signal_ends_a_monitor_without_complaint(string signal)
    {
        using Process weft = Start("monitor");
        await ReadUntilAsync(weft.StandardOutput, "xx drop");

        Tool.Run("kill", signal, weft.Id.ToString(CultureInfo.InvariantCulture));
        await weft.WaitForExitAsync().WaitAsync(s_deadline);

        Assert.Equal((0, ""), (weft.ExitCode, await weft.StandardError.ReadToEndAsync()));
    }

    [Fact]
    public async Task Reader_that_goes_away_ends_the_process_without_complaint()
    {
        using Process weft = Start("completion", "bash");
        weft.StandardOutput.Close();

        await weft.WaitForExitAsync().WaitAsync(s_deadline);

        Assert.Equal((141, ""), (weft.ExitCode, await weft.StandardError.ReadToEndAsync()));
    }

    private Process Start(params string[] words)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "weft");
        return Process.Start(new ProcessStartInfo(program, ["--socket", _agent.SocketPath, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static async Task ReadUntilAsync(StreamReader reader, string beginning)
    {
        while (await reader.ReadLineAsync().WaitAsync(s_deadline) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the output ended without '{beginning}'");
    }
}
