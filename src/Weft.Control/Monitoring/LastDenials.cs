using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Control.Endpoints;
using Weft.Datapath.Events;

namespace Weft.Control.Monitoring;

/// <summary>Keeps, of every endpoint, the last packet that policy denied.</summary>
/// <remarks>
/// It has the datapath make no event: denials are told while drops are, which is so unless somebody switched that off. Thread-safe.
/// </remarks>
public sealed class LastDenials
{
    private readonly EventHub _hub;
    private readonly ConcurrentDictionary<ushort, ReadOnlyMemory<byte>> _records = new();

    public LastDenials(EventHub hub, EndpointTable endpoints, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(clock);
        _hub = hub;
        Since = clock.GetUtcNow();
        endpoints.Happened += (endpoint, entry) =>
        {
            if (entry is null)
            {
                // The next one of this number is somebody else.
                _records.TryRemove(endpoint.Id.Value, out _);
            }
        };
    }

    /// <summary>What was denied before is not known.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The event, as the datapath made it; null: there was none.</summary>
    public ReadOnlyMemory<byte>? Find(ushort endpoint) => _records.TryGetValue(endpoint, out ReadOnlyMemory<byte> record) ? record : null;

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using EventSubscription events = _hub.Subscribe(new EventInterest(EventMask.Policy, []) { IsPassive = true });
        await foreach (ReadOnlyMemory<byte> record in events.Records.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (MemoryMarshal.TryRead(record.Span, out EventHeader header) && header.Subtype != (byte)PolicyVerdictCode.Allowed)
            {
                _records[header.Source] = record;
            }
        }
    }
}
