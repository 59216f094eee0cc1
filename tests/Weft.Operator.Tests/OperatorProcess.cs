using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Tests.Shared;

namespace Weft.Operator.Tests;

/// <summary>The real operator in a process of its own, with its log as it comes.</summary>
internal sealed class OperatorProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private OperatorProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Log => string.Join('\n', _log);

    public static OperatorProcess Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "weft-operator");
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        return new OperatorProcess(Process.Start(start)!);
    }

    public Task SaysAsync(string text) => Eventually.BecomesAsync(
        $"the operator says '{text}'", () => Task.FromResult(Log), log => log.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(30));

    public async Task<int> EndedAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as systemd sends.</summary>
    public Task<int> TerminateAsync()
    {
        Tool.Run("kill", $"{_process.Id}");
        return EndedAsync();
    }

    /// <summary>SIGKILL: it gives nothing up.</summary>
    public Task<int> KillAsync()
    {
        _process.Kill();
        return EndedAsync();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
