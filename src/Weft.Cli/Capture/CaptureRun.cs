using System.Globalization;
using Weft.Abi;
using Weft.Api.Tracing;
using Weft.Cli.Hosting;
using Weft.Cli.Trace;
using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>Takes packets from the agents' streams to a writer, until there are enough of them or somebody ends it.</summary>
internal sealed class CaptureRun(Invocation invocation, TraceWorld world, CaptureScope scope, CaptureOptions options)
{
    private const int MostInBatch = 1024;

    /// <summary>How long what was seen before the end may take to be written; what is left is counted only.</summary>
    private static readonly TimeSpan s_writing = TimeSpan.FromSeconds(2);

    /// <summary>... and to be counted: in time before a process that was told to end is ended.</summary>
    private static readonly TimeSpan s_counting = TimeSpan.FromSeconds(2);

    /// <summary>... of one that ends by itself.</summary>
    private static readonly TimeSpan s_countingAtLeisure = TimeSpan.FromSeconds(30);

    private readonly CaptureOrder _order = new(invocation.Clock);
    private readonly Dictionary<string, ulong> _unwritten = [];
    private ulong _captured;
    private TraceStreams? _streams;

    /// <summary>By node, of the streams that run.</summary>
    public IReadOnlyDictionary<string, ulong> Lost => _streams is null
        ? new Dictionary<string, ulong>()
        : _streams.Losses.ToDictionary(node => node.Node, node => node.InKernel + node.ByReader + _unwritten.GetValueOrDefault(node.Node));

    public async Task<int> RunAsync(HopRequest request, Func<ICaptureWriter> open, CancellationToken cancellationToken)
    {
        // Streams live on behind Ctrl-C, for what they still have to tell.
        TraceStreams streams = await TraceStreams.OpenAsync(world.Nodes, request, keeps: false, progress: null, CancellationToken.None);
        await using (streams)
        {
            _streams = streams;
            string[] following = [.. world.Nodes.Where(node => node.Fault is null).Select(node => node.Name)];
            world.RequireNode();

            foreach ((string node, string fault) in world.Silent)
            {
                invocation.Error.WriteLine($"weft: capture: not on {node}: {fault}");
            }

            using ICaptureWriter writer = open();
            invocation.Error.WriteLine($"Capturing on {string.Join(", ", following)}: {scope.Describe(world)}; Ctrl-C ends");
            bool isOver = await CaptureAsync(streams, writer, cancellationToken);
            await writer.FinishAsync(Lost);
            Summarize(streams, following.Length);
            if (!isOver)
            {
                invocation.Error.WriteLine("weft: capture: the agents have ended their streams (see 'weft status')");
            }

            return isOver ? ExitCode.Success : ExitCode.Failure;
        }
    }

    /// <summary>False: no agent tells any more.</summary>
    private async Task<bool> CaptureAsync(TraceStreams streams, ICaptureWriter writer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.Duration is { } duration)
        {
            end.CancelAfter(duration);
        }

        try
        {
            if (await CopyAsync(streams, writer, end.Token))
            {
                return true;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            using CancellationTokenSource limit = new(s_writing);
            await streams.EndAsync(limit.Token);
            await DrainAsync(streams, writer, cancellationToken.IsCancellationRequested ? s_counting : s_countingAtLeisure, limit.Token);
            return true;
        }

        return false;
    }

    private async Task DrainAsync(TraceStreams streams, ICaptureWriter writer, TimeSpan counting, CancellationToken limit)
    {
        try
        {
            await CopyAsync(streams, writer, limit);
        }
        catch (OperationCanceledException)
        {
            await CountAsync(streams, counting);
        }
    }

    private async Task CountAsync(TraceStreams streams, TimeSpan patience)
    {
        using CancellationTokenSource limit = new(patience);
        while (_order.TryTake(all: true, out Sighting? held))
        {
            Count(held);
        }

        try
        {
            await foreach (Sighting seen in streams.Live.ReadAllAsync(limit.Token))
            {
                Count(seen);
            }
        }
        catch (OperationCanceledException)
        {
            invocation.Error.WriteLine("weft: capture: what was seen last did not come in time, and is not counted");
        }
    }

    private void Count(Sighting seen)
    {
        if (IsMeant(seen))
        {
            _unwritten[seen.Node] = _unwritten.GetValueOrDefault(seen.Node) + 1;
        }
    }

    /// <summary>True: there were as many as were asked for. False: there are no more.</summary>
    private async Task<bool> CopyAsync(TraceStreams streams, ICaptureWriter writer, CancellationToken cancellationToken)
    {
        Task<bool> more = streams.Live.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (!_order.IsEmpty)
            {
                await Task.WhenAny(more, Task.Delay(CaptureOrder.Hold, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }

            bool isEnd = (_order.IsEmpty || more.IsCompleted) && !await more;
            for (int taken = 0; taken < MostInBatch && streams.Live.TryRead(out Sighting? seen); taken++)
            {
                if (IsMeant(seen))
                {
                    _order.Add(seen);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            bool isEnough = Put(writer, isEnd);
            await writer.FlushAsync();
            if (isEnough || isEnd)
            {
                return isEnough;
            }

            more = more.IsCompleted ? streams.Live.WaitToReadAsync(cancellationToken).AsTask() : more;
        }
    }

    /// <summary>Whether there are as many now as were asked for.</summary>
    private bool Put(ICaptureWriter writer, bool all)
    {
        while (_order.TryTake(all, out Sighting? seen))
        {
            writer.Write(seen);
            if (++_captured == (ulong)options.Count)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMeant(Sighting seen) =>
        !(scope.SkipsReceiveInPods && seen is { Point: HopPoint.Receive, Namespace.Length: > 0, Device: not "lo" });

    private void Summarize(TraceStreams streams, int nodes)
    {
        ulong kernel = streams.Losses.Aggregate(0UL, (sum, node) => sum + node.InKernel);
        ulong reader = Lost.Values.Aggregate(0UL, (sum, node) => sum + node) - kernel;
        string[] why =
        [
            .. kernel > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{kernel} in the kernel's buffers")] : Array.Empty<string>(),
            .. reader > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{reader} because this side was too slow")] : Array.Empty<string>(),
        ];
        invocation.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_captured} {(_captured == 1 ? "packet" : "packets")} captured on {nodes} {(nodes == 1 ? "node" : "nodes")}, {kernel + reader} lost{(why.Length > 0 ? $" ({string.Join(", ", why)}: ask for less, or for less of each by -s)" : "")}"));
    }
}
