using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Weft.Abi;
using Weft.Api;
using Weft.Cli.Output;
using Weft.Events;
using Weft.Events.Hops;

namespace Weft.Cli.Monitor;

/// <summary>One node that is watched: its stream of events, and what is needed to print them.</summary>
internal sealed class MonitorNode : IDisposable
{
    private readonly MonitorOptions _options;
    private readonly IEventFormatter _formatter;
    private readonly Painter _painter;
    private readonly bool _isNamed;
    private readonly EventAggregator _aggregator;
    private readonly ArrayBufferWriter<byte> _lines = new(4096);
    private EventSieve _sieve;
    private byte[] _prefix = [];
    private ulong _lastTime;

    public MonitorNode(string name, AgentClient agent, MonitorOptions options, EventClock clock, bool isNamed)
    {
        Name = name;
        Agent = agent;
        Clock = clock;
        Sightings = new SightingReader(name);
        _options = options;
        _painter = new Painter(options.Color && !options.Json);
        _isNamed = isNamed && !options.Json;
        Names = new EventNames { NumericIdentities = options.Numeric };
        _aggregator = new EventAggregator(options.Aggregation, Names);
        _sieve = new EventSieve(options.Filter, Names);
        _formatter = options.Json
            ? new EventJsonFormatter(Names, clock) { Hex = options.Hex }
            : new EventTextFormatter(Names, options.Verbosity) { Clock = options.Times ? clock : null, Hex = options.Hex };
    }

    /// <summary>As the command line names it, until the node has told its own name.</summary>
    public string Name { get; private set; }

    public AgentClient Agent { get; }

    public EventClock Clock { get; }

    public EventNames Names { get; }

    public SightingReader Sightings { get; private set; }

    /// <summary>Takes the names that the stream brings, first and when they change.</summary>
    public void Learn(MonitorNames names)
    {
        if (names.Node is { } own && own != Name)
        {
            Name = own;
            Sightings = new SightingReader(own);
        }

        Names.Update(names);
        _prefix = _isNamed ? Encoding.UTF8.GetBytes($"{Name}: ") : [];
    }

    /// <summary>Takes the name of a rule, which the stream brings before the first event that has its number.</summary>
    public void Learn(RuleName rule) => Names.Rules.Learn(rule);

    public void UseFilter(EventFilter filter) => _sieve = new EventSieve(filter, Names);

    public bool Lets(in EventRecord record) => _sieve.Lets(record);

    /// <summary>Whether anything was printed: a format leaves events out, and aggregation counts some.</summary>
    public bool Print(in EventRecord record, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        _lastTime = Math.Max(_lastTime, record.Header.Time);
        if (!_aggregator.Shows(record, bytes))
        {
            return false;
        }

        _formatter.Write(record, _lines);
        bool prints = _lines.WrittenCount > 0;
        Flush(PaintOf(record), output);
        return prints;
    }

    public void PrintNotice(AgentNotice notice, IBufferWriter<byte> output)
    {
        _formatter.WriteNotice(notice, _lines);
        Flush(Paint.Notable, output);
    }

    public void PrintLost(ulong count, LostCause cause, IBufferWriter<byte> output)
    {
        _formatter.WriteLost(count, cause, _lines);
        Flush(Paint.Warning, output);
    }

    /// <summary>Prints what aggregation has counted and is due.</summary>
    /// <param name="passed">Since the last event, where none has come to tell the time.</param>
    public void PrintFolded(TimeSpan passed, bool all, IBufferWriter<byte> output)
    {
        const ulong nanosecondsPerTick = 100;
        foreach (FoldedEvents folded in _aggregator.TakeReports(_lastTime + ((ulong)passed.Ticks * nanosecondsPerTick), all))
        {
            _formatter.WriteFolded(folded, _lines);
            Flush(Paint.Faint, output);
        }
    }

    /// <summary>Hands the frames of a stream on, then how it ended.</summary>
    public async Task PumpAsync(Stream stream, ChannelWriter<MonitorArrival> arrivals, CancellationToken cancellationToken)
    {
        Exception? error = null;
        try
        {
            MonitorFrameReader reader = new(stream);
            while (await reader.ReadAsync(cancellationToken))
            {
                MonitorFrame frame = reader.Current with { Payload = reader.Current.Payload.ToArray() };
                await arrivals.WriteAsync(new MonitorArrival(this, frame, null), cancellationToken);
            }

            error = new AgentUnreachableException(Agent.SocketPath, new EndOfStreamException("the agent has ended the stream of events"));
        }
        catch (Exception e) when (e is EndOfStreamException or HttpIOException or HttpRequestException)
        {
            error = new AgentUnreachableException(Agent.SocketPath, e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            error = e;
        }

        await arrivals.WriteAsync(new MonitorArrival(this, default, error), CancellationToken.None);
    }

    public void Dispose()
    {
        (_formatter as IDisposable)?.Dispose();
        Agent.Dispose();
    }

    private static Paint PaintOf(in EventRecord record) => record.Type switch
    {
        EventType.Drop => Paint.Bad,
        EventType.Debug => Paint.Faint,
        EventType.Capture => Paint.Notable,
        EventType.Policy when (record.Policy.Flags & PolicyEventFlags.Audit) != 0 => Paint.Warning,
        EventType.Policy when (PolicyVerdictCode)record.Header.Subtype == PolicyVerdictCode.Allowed => Paint.Good,
        EventType.Policy => Paint.Bad,
        EventType.Trace when (TracePoint)record.Header.Subtype == TracePoint.ToEndpoint => Paint.Good,
        _ => Paint.Plain,
    };

    private void Flush(Paint paint, IBufferWriter<byte> output)
    {
        if (_prefix.Length == 0 && !_options.Color)
        {
            output.Write(_lines.WrittenSpan);
        }
        else
        {
            _painter.Write(_lines.WrittenSpan, paint, _prefix, output);
        }

        _lines.ResetWrittenCount();
    }
}
