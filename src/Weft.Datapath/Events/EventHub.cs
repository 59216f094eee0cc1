using System.Collections.Immutable;

namespace Weft.Datapath.Events;

/// <summary>Hands every event to every client that wants it, and says what all of them together want.</summary>
/// <remarks>
/// <see cref="Publish"/> is called by the one reader of the ring buffer and never blocks: a client that does not keep up loses
/// events of its own and nobody else's. Clients come and go on any thread.
/// </remarks>
public sealed class EventHub
{
    /// <summary>Events that a client may fall behind: about 1 MiB at the largest event size.</summary>
    public const int DefaultQueueLength = 4096;

    private readonly Lock _changes = new();
    private readonly int _queueLength;
    private ImmutableArray<EventSubscription> _clients = [];
    private bool _closed;

    public EventHub(int queueLength = DefaultQueueLength) => _queueLength = queueLength;

    /// <summary>Raised with the interests of all clients whenever a client came or went; calls do not overlap.</summary>
    public event Action<ImmutableArray<EventInterest>>? InterestsChanged;

    public int Clients => _clients.Length;

    public EventSubscription Subscribe(EventInterest interest)
    {
        ArgumentNullException.ThrowIfNull(interest);
        EventSubscription client = new(interest, _queueLength, Leave);
        lock (_changes)
        {
            if (_closed)
            {
                client.Complete();
                return client;
            }

            _clients = _clients.Add(client);
            Announce();
        }

        return client;
    }

    /// <summary>Offers one record to the clients; the bytes are copied once, if anybody wants them.</summary>
    public void Publish(ReadOnlySpan<byte> record)
    {
        byte[]? copy = null;
        foreach (EventSubscription client in _clients)
        {
            if (client.Interest.Wants(record))
            {
                copy ??= record.ToArray();
                client.Offer(copy);
            }
        }
    }

    /// <summary>Tells the clients that the kernel had no room for <paramref name="count"/> events.</summary>
    public void PublishLostInKernel(ulong count)
    {
        foreach (EventSubscription client in _clients)
        {
            client.CountLostInKernel(count);
        }
    }

    /// <summary>Ends the streams of all clients; later ones end at once.</summary>
    public void Close()
    {
        lock (_changes)
        {
            _closed = true;
            foreach (EventSubscription client in _clients)
            {
                client.Complete();
            }
        }
    }

    private void Leave(EventSubscription client)
    {
        lock (_changes)
        {
            ImmutableArray<EventSubscription> rest = _clients.Remove(client);
            if (rest != _clients)
            {
                _clients = rest;
                Announce();
            }
        }
    }

    private void Announce() => InterestsChanged?.Invoke([.. _clients.Select(client => client.Interest)]);
}
