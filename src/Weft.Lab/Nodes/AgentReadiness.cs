using Weft.Api;
using Weft.Lab.State;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>Waits until an agent serves its socket, or tells from its log why it does not.</summary>
public static class AgentReadiness
{
    private const int LogLinesShown = 15;

    /// <summary>An emulated kernel's verifier takes a minute, more while packets flow; an agent that cannot start ends, and is not waited for.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(300);

    /// <summary>Between making a socket's name and listening on it, an agent refuses connections for some microseconds.</summary>
    private static readonly TimeSpan s_refusedPause = TimeSpan.FromMilliseconds(5);

    /// <exception cref="LabException">The agent ended, or did not serve in time.</exception>
    public static async Task WaitAsync(LabPaths paths, string node, ProcessHandle agent, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(s_limit);
        Task<bool> ended = Task.Factory.StartNew(
            () => WaitForEnd(agent, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task serving = ServesAsync(paths.Socket(node), stop.Token);
        try
        {
            Task first = await Task.WhenAny(ended, serving);
            if (first == ended && await ended)
            {
                throw Failure(paths, node, $"it ended with exit code {agent.TakeExitCode()}");
            }

            await serving;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(paths, node, $"it does not serve {paths.Socket(node)} within {s_limit.TotalSeconds} s");
        }
        finally
        {
            await stop.CancelAsync();
            await ended;
        }
    }

    private static bool WaitForEnd(ProcessHandle agent, CancellationToken stop)
    {
        TimeSpan slice = TimeSpan.FromMilliseconds(50);
        while (!stop.IsCancellationRequested)
        {
            if (agent.WaitForExit(slice))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task ServesAsync(string socket, CancellationToken cancellationToken)
    {
        await FileAppearsAsync(socket, cancellationToken);
        using AgentClient client = new(socket);
        while (true)
        {
            try
            {
                await client.GetStatusAsync(cancellationToken);
                return;
            }
            catch (AgentUnreachableException)
            {
                await Task.Delay(s_refusedPause, cancellationToken);
            }
        }
    }

    private static async Task FileAppearsAsync(string path, CancellationToken cancellationToken)
    {
        TaskCompletionSource appeared = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.Renamed += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;
        // After the watch has begun, so that one made before it is not waited for.
        if (!File.Exists(path))
        {
            await appeared.Task.WaitAsync(cancellationToken);
        }
    }

    private static LabException Failure(LabPaths paths, string node, string why)
    {
        string log = paths.AgentLog(node);
        List<string> tail = File.Exists(log) ? [.. File.ReadLines(log).TakeLast(LogLinesShown)] : [];
        string said = tail.Count == 0 ? "it has printed nothing" : $"the end of its log:{string.Concat(tail.Select(line => $"\n  {line}"))}";
        return new LabException($"start weft-agent on node {node}: {why}; {said}");
    }
}
