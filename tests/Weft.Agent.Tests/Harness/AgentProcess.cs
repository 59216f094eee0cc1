using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests.Harness;

/// <summary>The real agent in a process of its own, in a network namespace, with its log as it comes.</summary>
internal sealed class AgentProcess : IDisposable
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AgentProcess(Process process)
    {
        _process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetResult(false);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    public string Log => string.Join('\n', _log);

    /// <summary>nsenter becomes the agent, so the process is the agent's own.</summary>
    public static AgentProcess Start(string namespacePath, params IEnumerable<string> arguments)
    {
        string agent = Path.Combine(AppContext.BaseDirectory, "weft-agent");
        ProcessStartInfo start = new("nsenter", [$"--net={namespacePath}", agent, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        return new AgentProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the log says that the API answers.</summary>
    public async Task ReadyAsync()
    {
        if (!await Eventually.ArrivesAsync("the agent says that it is ready", _ready.Task, TimeSpan.FromSeconds(60)))
        {
            throw new InvalidOperationException($"the agent ended with {await EndedAsync()} before it was ready:\n{Log}");
        }
    }

    /// <summary>Waits for its end by itself.</summary>
    public async Task<int> EndedAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public Task<int> TerminateAsync() => SignalAsync(SIGTERM);

    public Task<int> KillAsync() => SignalAsync(SIGKILL);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private Task<int> SignalAsync(int signal)
    {
        Tool.Run("kill", $"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return EndedAsync();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (line.Contains(" ready socket=", StringComparison.Ordinal))
        {
            _ready.TrySetResult(true);
        }
    }
}
