using System.Runtime.CompilerServices;
using Grpc.Core;
using Weft.Store.Etcd.Wire;

namespace Weft.Store.Etcd;

/// <summary>One watch: a stream of its own, from its beginning until it breaks.</summary>
/// <param name="incarnation">Of the list that the watch goes on from; null: none was made.</param>
internal sealed class EtcdWatch(
    EtcdConnection connection, EtcdKeys keys, string prefix, Revision after, string? incarnation,
    Func<CancellationToken, Task<string?>> readIncarnation, CancellationToken storeClosed)
{
    private readonly string _action = $"watch {prefix}";

    public async IAsyncEnumerable<StoreChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, storeClosed);
        CancellationToken stop = either.Token;
        (AsyncDuplexStreamingCall<WatchRequest, WatchResponse> stream, EtcdEndpoint endpoint) = await connection.OpenAsync(
            _action, (member, options) => new Watch.WatchClient(member).Watch(options), stop).ConfigureAwait(false);
        using (stream)
        {
            WatchResponse response = await BeginAsync(stream, endpoint, stop).ConfigureAwait(false);
            while (true)
            {
                ThrowIfOver(response);
                foreach (Event change in response.Events)
                {
                    if (keys.TryRead(change.Kv.Key, out string? key))
                    {
                        yield return new StoreChange(
                            key, new Revision(change.Kv.ModRevision), change.Type == Event.Types.EventType.Delete ? null : keys.Read(change.Kv));
                    }
                }
                response = await NextAsync(stream, endpoint, stop).ConfigureAwait(false);
            }
        }
    }

    // The stream lives no longer than the process that serves it, so one look at its beginning holds for all of it.
    private async Task<WatchResponse> BeginAsync(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> stream, EtcdEndpoint endpoint, CancellationToken stop)
    {
        (var from, var end) = keys.RangeOf(prefix);
        var create = new WatchCreateRequest { Key = from, RangeEnd = end, StartRevision = after.Value + 1, Fragment = true };
        try
        {
            await stream.RequestStream.SendAsync(new WatchRequest { CreateRequest = create }, stop).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            stop.ThrowIfCancellationRequested();
            throw connection.Explain(_action, endpoint, e);
        }
        WatchResponse created = await NextAsync(stream, endpoint, stop).ConfigureAwait(false);
        ThrowIfOver(created);
        // etcd would wait for a revision of the future; it can only be one of another store.
        if (created.Header.Revision < after.Value)
        {
            throw new StoreCompactedException($"{_action} after revision {after}: the store is at {created.Header.Revision} (list again)");
        }
        if (incarnation is not null && await readIncarnation(stop).ConfigureAwait(false) != incarnation)
        {
            throw new StoreCompactedException($"{_action}: another store took the place of the known one (list again)");
        }
        return created;
    }

    private async Task<WatchResponse> NextAsync(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> stream, EtcdEndpoint endpoint, CancellationToken stop)
    {
        try
        {
            return await stream.ResponseStream.MoveNext(stop).ConfigureAwait(false)
                ? stream.ResponseStream.Current
                : throw new StoreUnavailableException($"{_action}: etcd {endpoint.Address} ended it");
        }
        catch (RpcException e)
        {
            stop.ThrowIfCancellationRequested();
            throw connection.Explain(_action, endpoint, e);
        }
    }

    private void ThrowIfOver(WatchResponse response)
    {
        if (response.CompactRevision != 0)
        {
            throw new StoreCompactedException(after, new Revision(response.CompactRevision));
        }
        if (response.Canceled)
        {
            bool denied = response.CancelReason.Contains("permission denied", StringComparison.Ordinal);
            throw denied
                ? new StoreException($"{_action}: etcd does not permit it (grant the user's role read on the prefix)")
                : new StoreUnavailableException($"{_action}: etcd ended it: {response.CancelReason}");
        }
    }
}
