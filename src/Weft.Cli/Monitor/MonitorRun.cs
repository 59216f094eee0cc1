using System.Buffers;
using Weft.Api;
using Weft.Cli.Hosting;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>Copies events from the agent's stream to the output until either side, or the user, has had enough.</summary>
internal sealed class MonitorRun(Invocation invocation, MonitorOptions options)
{
    private readonly ArrayBufferWriter<byte> _text = new(64 * 1024);
    private readonly EventNames _names = new() { NumericIdentities = options.Numeric };
    private bool _greeted;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        await using Stream stream = await agent.OpenMonitorAsync(options.ToRequest(), cancellationToken);
        try
        {
            await CopyAsync(stream, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a monitor ends.
            await FlushAsync();
            return;
        }
        catch (Exception e) when (e is EndOfStreamException or HttpIOException or HttpRequestException)
        {
            throw new AgentUnreachableException(agent.SocketPath, e);
        }

        await FlushAsync();
        throw new AgentUnreachableException(agent.SocketPath, new EndOfStreamException("the agent has ended the stream of events"));
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        EventClock clock = new(invocation.Clock);
        using EventJsonFormatter? json = options.Json ? new EventJsonFormatter(_names, clock) : null;
        IEventFormatter formatter = json
            ?? (IEventFormatter)new EventTextFormatter(_names, options.Verbosity) { Clock = options.Times ? clock : null };
        MonitorFrameReader reader = new(stream);
        while (await reader.ReadAsync(cancellationToken))
        {
            Format(reader.Current, formatter);
            if (!reader.HasBufferedFrame)
            {
                await FlushAsync();
            }
        }
    }

    private void Format(MonitorFrame frame, IEventFormatter formatter)
    {
        switch (frame.Kind)
        {
            case MonitorFrameKind.Record when EventRecord.TryParse(frame.Payload.Span, out EventRecord record):
                if (options.Filter.Matches(record))
                {
                    formatter.Write(record, _text);
                }

                break;
            case MonitorFrameKind.Record:
                invocation.Error.WriteLine(
                    $"weft: read event: {frame.Payload.Length} bytes that are no event (are weft and the datapath of the same version?)");
                break;
            case MonitorFrameKind.Lost when frame.TryGetLost(out ulong count, out LostCause cause):
                formatter.WriteLost(count, cause, _text);
                break;
            case MonitorFrameKind.Names when frame.GetNames() is { } names:
                _names.Update(names);
                Greet(names);
                break;
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
        if (!options.Json)
        {
            EventTextFormatter.WriteBanner(names, _text);
            return;
        }

        ArrayBufferWriter<byte> banner = new();
        EventTextFormatter.WriteBanner(names, banner);
        invocation.Error.Write(System.Text.Encoding.UTF8.GetString(banner.WrittenSpan));
    }

    private async Task FlushAsync()
    {
        if (_text.WrittenCount > 0)
        {
            await invocation.WriteBytesAsync(_text.WrittenMemory);
            _text.ResetWrittenCount();
        }
    }
}
