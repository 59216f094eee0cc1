using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Api;
using Weft.Events;

namespace Weft.Agent.Tests.Harness;

/// <summary>One client of the monitor stream, which waits for frames with a deadline.</summary>
internal sealed class MonitorClient : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(15);

    private readonly Stream _stream;
    private readonly MonitorFrameReader _frames;

    private MonitorClient(Stream stream)
    {
        _stream = stream;
        _frames = new MonitorFrameReader(stream);
    }

    /// <summary>The last that were told.</summary>
    public MonitorNames? Names { get; private set; }

    /// <summary>All that were told to be lost.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Endpoint of the last record.</summary>
    public long Source { get; private set; }

    public static Task<MonitorClient> OpenAsync(AgentClient agent, params string[] types) =>
        OpenAsync(agent, new MonitorRequest { Types = types });

    /// <summary>Returns when the names have come: from then on no event is missed.</summary>
    public static async Task<MonitorClient> OpenAsync(AgentClient agent, MonitorRequest request)
    {
        MonitorClient client = new(await agent.OpenMonitorAsync(request));
        while (client.Names is null)
        {
            await client.TryReadAsync();
        }

        return client;
    }

    /// <summary>Type of the next record.</summary>
    public async Task<EventType> NextAsync()
    {
        while (true)
        {
            if (await TryReadAsync() is { } header)
            {
                Source = header.Source;
                return header.Type;
            }
        }
    }

    /// <summary>Reads one frame; null if it was not a record.</summary>
    public async Task<EventHeader?> TryReadAsync()
    {
        using CancellationTokenSource limit = new(s_deadline);
        if (!await _frames.ReadAsync(limit.Token))
        {
            throw new EndOfStreamException("the monitor stream ended");
        }

        MonitorFrame frame = _frames.Current;
        Names = frame.GetNames() ?? Names;
        Lost += frame.TryGetLost(out ulong count, out _) ? count : 0;
        return frame.Kind == MonitorFrameKind.Record ? MemoryMarshal.Read<EventHeader>(frame.Payload.Span) : null;
    }

    public void Dispose() => _stream.Dispose();
}
