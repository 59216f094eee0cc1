using System.Collections.Immutable;
using System.Threading.Channels;
using Weft.Events;

namespace Weft.Control.Monitoring;

/// <summary>Hands what happens on the node to the clients that watch; nothing is kept for later ones.</summary>
/// <remarks>Thread-safe. Publishing never waits: a client that does not read loses the newest notices, and is told how many.</remarks>
public sealed class NoticeHub(TimeProvider clock)
{
    private const int QueueLength = 1024;

    private ImmutableList<Subscription> _clients = [];

    /// <summary>Whether anybody would read a notice.</summary>
    public bool HasClients => !_clients.IsEmpty;

    public Subscription Subscribe()
    {
        Subscription client = new(this);
        ImmutableInterlocked.Update(ref _clients, clients => clients.Add(client));
        return client;
    }

    public void Publish(string what, AgentNoticeDetails details)
    {
        AgentNotice notice = new() { Time = clock.GetUtcNow(), What = what, Message = details };
        foreach (Subscription client in _clients)
        {
            client.Offer(notice);
        }
    }

    /// <summary>One client's queue; disposing it leaves the hub.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly Channel<AgentNotice> _queue = Channel.CreateBounded<AgentNotice>(QueueLength);
        private readonly NoticeHub _hub;
        private long _lost;

        internal Subscription(NoticeHub hub) => _hub = hub;

        public ChannelReader<AgentNotice> Notices => _queue.Reader;

        /// <summary>Notices that this client was too slow for, since the last call.</summary>
        public ulong TakeLost() => (ulong)Interlocked.Exchange(ref _lost, 0);

        public void Dispose()
        {
            ImmutableInterlocked.Update(ref _hub._clients, clients => clients.Remove(this));
            _queue.Writer.TryComplete();
        }

        internal void Offer(AgentNotice notice)
        {
            if (!_queue.Writer.TryWrite(notice))
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
