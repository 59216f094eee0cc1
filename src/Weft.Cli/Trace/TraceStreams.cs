using System.Collections.Concurrent;
using System.Threading.Channels;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Events;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>The streams of hops of several nodes, while a trace runs.</summary>
/// <remarks>Disposing ends the traces on the nodes.</remarks>
internal sealed class TraceStreams : IAsyncDisposable
{
    /// <summary>Of a slow reader's: then agents wait, and count what they cannot keep.</summary>
    private const int MostWaiting = 1024;

    private static readonly TimeSpan s_readyTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentQueue<Sighting> _seen = new();
    private readonly Channel<Sighting> _live = Channel.CreateBounded<Sighting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly bool _keeps;
    private readonly List<(TraceNode Node, SightingReader Reader, Task Reading)> _streams = [];
    private Action<string, TracedFunctions>? _progress;
    private volatile TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TraceStreams(bool keeps, CancellationToken cancellationToken)
    {
        _keeps = keeps;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>What is seen as it comes, where it is not kept; ends when no node tells any more.</summary>
    public ChannelReader<Sighting> Live => _live.Reader;

    /// <summary>Everything seen so far.</summary>
    public IReadOnlyCollection<Sighting> Seen => _seen;

    public ulong Lost => _streams.Aggregate(0UL, (sum, stream) => sum + stream.Reader.Lost);

    /// <summary>By node: functions of its kernel that tell. Of nodes that were asked for some.</summary>
    public IReadOnlyList<(string Node, TracedFunctions Functions)> Functions =>
        [.. _streams.Where(stream => stream.Reader.Functions is not null).Select(stream => (stream.Node.Name, stream.Reader.Functions!)).OrderBy(pair => pair.Name, StringComparer.Ordinal)];
    /// <summary>Records that were lost, by node.</summary>
    public IEnumerable<(string Node, ulong InKernel, ulong ByReader)> Losses => _streams.Select(stream => (stream.Node.Name, stream.Reader.Lost - stream.Reader.LostByReader, stream.Reader.LostByReader));

    public IReadOnlyDictionary<string, string> BootIds => _streams.DistinctBy(stream => stream.Node.Name).ToDictionary(stream => stream.Node.Name, stream => stream.Reader.BootId);

    /// <summary>Asks every node that answers to follow the packets, and returns when all of them do.</summary>
    /// <param name="keeps">For <see cref="Seen"/>; else for <see cref="Live"/>.</param>
    /// <param name="progress">Told how far a node has come, from any thread.</param>
    public static async Task<TraceStreams> OpenAsync(
        IEnumerable<TraceNode> nodes, HopRequest request, bool keeps, Action<string, TracedFunctions>? progress, CancellationToken cancellationToken)
    {
        TraceStreams streams = new(keeps, cancellationToken) { _progress = progress };
        try
        {
            await Task.WhenAll(nodes.Where(node => node.Fault is null).Select(node => streams.OpenAsync(node, request)));
            _ = Task.WhenAll(streams._streams.Select(stream => stream.Reading)).ContinueWith(_ => streams._live.Writer.TryComplete(), TaskScheduler.Default);
            return streams;
        }
        catch
        {
            await streams.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until something has come and then nothing new for a while, but not for ever.</summary>
    public async Task SettleAsync(TimeSpan quiet, TimeSpan most, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(most);
        while (!limit.IsCancellationRequested)
        {
            Task news = _news.Task;
            if (await Task.WhenAny(news, Task.Delay(_seen.IsEmpty ? most : quiet, limit.Token)) != news)
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Asks the nodes to tell what they saw until now, and no more: <see cref="Live"/> ends behind that, and losses are final.</summary>
    public async Task EndAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_streams.Where(stream => !stream.Reading.IsCompleted).Select(async stream =>
        {
            try
            {
                await stream.Node.Agent.EndHopsAsync(stream.Reader.Id, cancellationToken);
            }
            catch (Exception error) when (error is AgentUnreachableException or AgentApiException or OperationCanceledException)
            {
                // It has ended by itself, or is to be left as it is.
            }
        }));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_streams.Select(stream => stream.Reading));
        _stop.Dispose();
    }

    private async Task OpenAsync(TraceNode node, HopRequest request)
    {
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(s_readyTimeout);
            Stream stream = await node.Agent.OpenHopsAsync(request, limit.Token);
            SightingReader reader = new(node.Name);
            MonitorFrameReader frames = new(stream);
            while (!reader.IsReady && await frames.ReadAsync(limit.Token))
            {
                reader.Read(frames.Current);
                limit.CancelAfter(s_readyTimeout);
                if (reader.Functions is { } functions && !reader.IsReady)
                {
                    _progress?.Invoke(node.Name, functions);
                }
            }

            Task reading = ReadAsync(stream, frames, reader);
            lock (_streams)
            {
                _streams.Add((node, reader, reading));
            }
        }
        catch (Exception error) when (error is AgentUnreachableException or AgentApiException or InvalidDataException or IOException
            || (error is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            node.Fault = error is OperationCanceledException ? $"its agent did not begin to trace, nor say that it is about to, within {s_readyTimeout.TotalSeconds} s" : error.Message;
        }
    }

    private async Task ReadAsync(Stream stream, MonitorFrameReader frames, SightingReader reader)
    {
        await using (stream)
        {
            try
            {
                while (await frames.ReadAsync(_stop.Token))
                {
                    if (reader.Read(frames.Current) is not { } sighting)
                    {
                        continue;
                    }

                    if (!_keeps)
                    {
                        await _live.Writer.WriteAsync(sighting, _stop.Token);
                    }
                    else
                    {
                        _seen.Enqueue(sighting);
                        Interlocked.Exchange(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                    }
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or InvalidDataException or HttpRequestException)
            {
                // The trace is over, or the agent is gone: what was seen stays seen.
            }
        }
    }
}
