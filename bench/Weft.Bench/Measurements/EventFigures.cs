using System.Diagnostics;
using System.Globalization;
using Weft.Api;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;
using Weft.Events;

namespace Weft.Bench.Measurements;

/// <summary>How many of 500,000 events a second come from the datapath's programs through the agent to a client, and whether every other one is counted as lost.</summary>
internal static class EventFigures
{
    public const string Name = "events";

    private const double Rate = 500_000;

    /// <summary>Seconds from the last event to the last word about it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly record struct Count(long Received, long Lost);

    public static IEnumerable<Figure> Measure(BenchOptions options, WeftLab lab, Action<string> progress) => options.Wants(Name)
        ?
        [
            .. Measure(options, lab, "read by a client", ReadAsync, progress),
            .. Measure(options, lab, "printed by weft monitor", PrintAsync, progress),
        ]
        : [];

    private static IEnumerable<Figure> Measure(
        BenchOptions options, WeftLab lab, string subject, Func<BenchOptions, WeftLab, ushort, Task<long>, TaskCompletionSource, Task<Count>> follow, Action<string> progress)
    {
        using EventSource source = lab.OpenEventSource();
        Sample received = new();
        Sample offered = new();
        Sample unaccounted = new();
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress($"events {subject} ({repetition + 1} of {options.Repetitions})");
            TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<long> made = ready.Task.ContinueWith(
                _ => source.Run(Rate, options.Plan.Measure), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
            Count count = follow(options, lab, source.Endpoint, made, ready).GetAwaiter().GetResult();
            double seconds = options.Plan.Measure.TotalSeconds;
            received.Add(count.Received / seconds);
            offered.Add(made.Result / seconds);
            unaccounted.Add(Math.Abs(made.Result - count.Received - count.Lost));
        }

        yield return new Figure(Name, subject, "events/s", Spread.Of(received), $"{Spread.Text(offered.Median)} made", Spread.Of(received.Over(offered)), Target: null);
        yield return new Figure(Name, $"{subject}, neither that nor counted as lost", "events", Spread.Of(unaccounted), Baseline: null, Ratio: null, Target: 0);
    }

    private static async Task<Count> ReadAsync(BenchOptions options, WeftLab lab, ushort endpoint, Task<long> made, TaskCompletionSource ready)
    {
        using AgentClient agent = new(lab.Paths.Socket(WeftLab.Nodes[0]));
        using CancellationTokenSource end = new();
        await using Stream stream = await agent.OpenMonitorAsync(new MonitorRequest { Types = [MonitorRequest.Trace], Endpoints = [endpoint] });
        MonitorFrameReader frames = new(stream);
        Count count = default;
        _ = made.ContinueWith(_ => end.CancelAfter(s_patience), TaskScheduler.Default);
        try
        {
            while (!(made.IsCompletedSuccessfully && count.Received + count.Lost >= made.Result) && await frames.ReadAsync(end.Token))
            {
                MonitorFrame frame = frames.Current;
                ready.TrySetResult();
                count = frame.Kind == MonitorFrameKind.Record ? count with { Received = count.Received + 1 }
                    : frame.Kind == MonitorFrameKind.Lost && frame.TryGetLost(out ulong lost, out _) ? count with { Lost = count.Lost + (long)lost }
                    : count;
            }
        }
        catch (OperationCanceledException)
        {
            // What is missing is the figure.
        }

        return count;
    }

    private static async Task<Count> PrintAsync(BenchOptions options, WeftLab lab, ushort endpoint, Task<long> made, TaskCompletionSource ready)
    {
        string id = endpoint.ToString(CultureInfo.InvariantCulture);
        using Process monitor = Process.Start(new ProcessStartInfo(
            options.Weft, ["monitor", "--socket", lab.Paths.Socket(WeftLab.Nodes[0]), "--type", "trace", "--from", id]) { RedirectStandardOutput = true })!;
        using CancellationTokenSource end = new();
        Count count = default;
        _ = made.ContinueWith(_ => end.CancelAfter(s_patience), TaskScheduler.Default);
        try
        {
            while (!(made.IsCompletedSuccessfully && count.Received + count.Lost >= made.Result) && await monitor.StandardOutput.ReadLineAsync(end.Token) is { } line)
            {
                count = line.StartsWith("->", StringComparison.Ordinal) || line.StartsWith("<-", StringComparison.Ordinal) ? count with { Received = count.Received + 1 }
                    : line.StartsWith("Lost ", StringComparison.Ordinal) ? count with { Lost = count.Lost + long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) }
                    : count;
                ready.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // What is missing is the figure.
        }

        monitor.Kill();
        await monitor.WaitForExitAsync();
        return count;
    }
}
