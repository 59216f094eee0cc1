using System.Buffers;
using System.Threading.Channels;
using Weft.Api;
using Weft.Cli.Hosting;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>Copies events from the nodes' streams to the output until either side, or the user, has had enough.</summary>
internal sealed class MonitorRun : IDisposable
{
    /// <summary>Frames that wait to be printed. A full queue stops the reading, and the agents count what is lost.</summary>
    private const int QueueLength = 1024;

    /// <summary>How often counts of aggregation and packets that are done are looked at while nothing arrives.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly Invocation _invocation;
    private readonly MonitorOptions _options;
    private readonly ArrayBufferWriter<byte> _text = new(64 * 1024);
    private readonly Channel<MonitorArrival> _arrivals = Channel.CreateBounded<MonitorArrival>(QueueLength);
    private readonly MonitorNode[] _nodes;
    private readonly MonitorWorld _world;
    private readonly JoinedPrinter? _joined;
    private readonly CancellationTokenSource _stop = new();
    private Task _learning = Task.CompletedTask;
    private long _lastArrival;
    private int _printed;
    private bool _greeted;

    public MonitorRun(Invocation invocation, MonitorOptions options)
    {
        _invocation = invocation;
        _options = options;
        IReadOnlyList<(string Name, string Socket)> targets = invocation.AllTargets().Nodes;
        EventClock clock = new(invocation.Clock);
        _nodes = [.. targets.Select(target => new MonitorNode(target.Name, new AgentClient(target.Socket), options, clock, targets.Count > 1))];
        _world = new MonitorWorld { IsOneNode = targets.Count == 1 };
        _joined = options.Join ? new JoinedPrinter(options, _world, invocation.Clock) : null;
    }

    private bool IsFull => _printed >= _options.Count;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Stream> streams = [];
        List<Task> pumps = [];
        try
        {
            EventFilter filter = await ResolveAsync(end.Token);
            pumps.AddRange(await OpenAsync(_options.RequestFor(filter), streams, end.Token));
            if (_options.Duration is { } duration)
            {
                end.CancelAfter(duration);
            }

            await PrintAsync(pumps.Count, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ctrl-C, or the end of the time, is how a monitor ends.
        }
        finally
        {
            await end.CancelAsync();
            await _stop.CancelAsync();
            await _learning.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _arrivals.Writer.TryComplete();
            PrintRest();
            await FlushAsync();
            await Task.WhenAll(streams.Select(stream => stream.DisposeAsync().AsTask()));
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        foreach (MonitorNode node in _nodes)
        {
            node.Dispose();
        }
    }

    /// <summary>Looks up pods and labels, where there are some, and names of addresses, where they are printed.</summary>
    private async Task<EventFilter> ResolveAsync(CancellationToken cancellationToken)
    {
        if (_options.Join || _options.Ends.Any(end => end.IsByName))
        {
            await _world.LearnAsync(_nodes.Select(node => node.Agent), cancellationToken);
        }

        EventFilter filter = _options.Filter with { Ends = [.. _options.Ends.Select(_world.Resolve)] };
        foreach (MonitorNode node in _nodes)
        {
            node.UseFilter(filter);
        }

        return filter;
    }

    /// <summary>Opens all streams. Of several nodes one that does not answer is reported; if none does, that is the failure.</summary>
    private async Task<List<Task>> OpenAsync(MonitorRequest request, List<Stream> streams, CancellationToken cancellationToken)
    {
        List<Task> pumps = [];
        Exception? failure = null;
        foreach (MonitorNode node in _nodes)
        {
            try
            {
                Stream stream = await node.Agent.OpenMonitorAsync(request, cancellationToken);
                streams.Add(stream);
                pumps.Add(node.PumpAsync(stream, _arrivals.Writer, cancellationToken));
            }
            catch (Exception error) when (_nodes.Length > 1 && error is AgentUnreachableException or AgentApiException)
            {
                failure ??= error;
                _invocation.Error.WriteLine($"weft: node {node.Name}: {error.Message}");
            }
        }

        return pumps.Count > 0 || failure is null ? pumps : throw failure;
    }

    private async Task PrintAsync(int running, CancellationToken cancellationToken)
    {
        bool ticks = _options.Join || _options.Aggregation != AggregationLevel.None;
        while (!IsFull)
        {
            while (!IsFull && _arrivals.Reader.TryRead(out MonitorArrival arrival))
            {
                if (arrival.Error is not null && --running == 0)
                {
                    PrintRest();
                    await FlushAsync();
                    throw arrival.Error;
                }

                Take(arrival);
            }

            PrintDue();
            await FlushAsync();
            if (!IsFull)
            {
                await WaitAsync(ticks, cancellationToken);
            }
        }
    }

    private async Task WaitAsync(bool ticks, CancellationToken cancellationToken)
    {
        Task arrival = _arrivals.Reader.WaitToReadAsync(cancellationToken).AsTask();
        await (ticks ? Task.WhenAny(arrival, Task.Delay(s_tick, _invocation.Clock, cancellationToken)) : arrival);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Take(MonitorArrival arrival)
    {
        if (arrival.Error is not null)
        {
            _invocation.Error.WriteLine($"weft: node {arrival.Node.Name}: {arrival.Error.Message}");
            return;
        }

        _lastArrival = _invocation.Clock.GetTimestamp();
        (MonitorNode node, MonitorFrame frame, _) = arrival;
        switch (frame.Kind)
        {
            case MonitorFrameKind.Record when EventRecord.TryParse(frame.Payload.Span, out EventRecord record):
                TakeEvent(node, frame, record);
                break;
            case MonitorFrameKind.Record:
                _invocation.Error.WriteLine(
                    $"weft: read event: {frame.Payload.Length} bytes that are no event (are weft and the datapath of the same version?)");
                break;
            case MonitorFrameKind.Lost when frame.TryGetLost(out ulong count, out LostCause cause):
                node.PrintLost(count, cause, _text);
                break;
            case MonitorFrameKind.Notice when frame.GetNotice() is { } notice:
                node.PrintNotice(notice, _text);
                _printed++;
                break;
            case MonitorFrameKind.Rule when frame.GetRule() is { } rule:
                node.Learn(rule);
                _joined?.Learn(node, frame);
                break;
            case MonitorFrameKind.Names when frame.GetNames() is { } names:
                node.Learn(names);
                _joined?.Learn(node, frame);
                if (_greeted && _joined is not null && _learning.IsCompleted)
                {
                    // Devices came or went, and pods with them.
                    _learning = _world.LearnAsync(_nodes.Select(known => known.Agent), _stop.Token);
                }

                Greet(names);
                break;
        }
    }

    private void TakeEvent(MonitorNode node, MonitorFrame frame, in EventRecord record)
    {
        if (!node.Lets(record))
        {
            return;
        }

        if (_joined is not null)
        {
            _joined.Add(node, frame);
        }
        else if (node.Print(record, frame.Payload.Span, _text))
        {
            _printed++;
        }
    }

    private void PrintDue()
    {
        if (_joined is not null)
        {
            _printed += _joined.Print(_nodes, all: false, Left, _text);
        }
        else if (_options.Aggregation != AggregationLevel.None)
        {
            PrintFolded(all: false);
        }
    }

    /// <summary>What was counted or gathered and not printed yet: nothing is left out because the monitor ends.</summary>
    private void PrintRest()
    {
        if (_joined is not null)
        {
            _printed += _joined.Print(_nodes, all: true, Left, _text);
        }
        else
        {
            PrintFolded(all: true);
        }
    }

    private int Left => Math.Max(0, (_options.Count ?? int.MaxValue) - _printed);

    private void PrintFolded(bool all)
    {
        TimeSpan passed = _lastArrival == 0 ? TimeSpan.Zero : _invocation.Clock.GetElapsedTime(_lastArrival);
        foreach (MonitorNode node in _nodes)
        {
            node.PrintFolded(passed, all, _text);
        }
    }

    /// <summary>Says once that events are being listened for. Where the output is for programs, people read it on standard error.</summary>
    private void Greet(MonitorNames names)
    {
        if (_greeted)
        {
            return;
        }

        _greeted = true;
        if (!_options.Json)
        {
            EventTextFormatter.WriteBanner(names, _text);
            return;
        }

        ArrayBufferWriter<byte> banner = new();
        EventTextFormatter.WriteBanner(names, banner);
        _invocation.Error.Write(System.Text.Encoding.UTF8.GetString(banner.WrittenSpan));
    }

    private async Task FlushAsync()
    {
        if (_text.WrittenCount > 0)
        {
            await _invocation.WriteBytesAsync(_text.WrittenMemory);
            _text.ResetWrittenCount();
        }
    }
}
