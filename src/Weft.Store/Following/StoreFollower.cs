using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Weft.Store.Following;

/// <summary>Keeps its reader in step with all keys under a prefix: lists, watches, and lists again where the watch was cut.</summary>
/// <remarks>
/// A repeated list is told as its difference to what the reader knows, additions before removals, so that a reader that fills a table
/// never has a hole in it while an entry moves. One reader per follower.
/// </remarks>
public sealed class StoreFollower(IStore store, string prefix, TimeProvider clock)
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, StoreEntry> _known = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<FollowEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan pause = s_shortestPause;
        while (true)
        {
            (StoreSnapshot? snapshot, StoreException? failure) = await ListAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is not null)
            {
                foreach (FollowEvent step in Merge(snapshot.Entries))
                {
                    yield return step;
                }
                yield return new FollowEvent(FollowEventKind.Synced);
                pause = s_shortestPause;

                IAsyncEnumerator<StoreChange> watch =
                    store.WatchAsync(prefix, snapshot.Revision, cancellationToken).GetAsyncEnumerator(cancellationToken);
                await using (watch.ConfigureAwait(false))
                {
                    do
                    {
                        (StoreChange? change, failure) = await NextAsync(watch).ConfigureAwait(false);
                        if (change is not null && Apply(change) is { } step)
                        {
                            yield return step;
                        }
                    }
                    while (failure is null);
                }
            }
            if (failure is StoreCompactedException)
            {
                continue;
            }
            yield return new FollowEvent(FollowEventKind.Interrupted, Failure: failure);
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<(StoreSnapshot? Snapshot, StoreException? Failure)> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false), null);
        }
        catch (StoreException e)
        {
            return (null, e);
        }
    }

    private static async Task<(StoreChange? Change, StoreException? Failure)> NextAsync(IAsyncEnumerator<StoreChange> watch)
    {
        try
        {
            return await watch.MoveNextAsync().ConfigureAwait(false)
                ? (watch.Current, null)
                : throw new InvalidOperationException("the watch ended, which a store must not do");
        }
        catch (StoreException e)
        {
            return (null, e);
        }
    }

    private IEnumerable<FollowEvent> Merge(ImmutableArray<StoreEntry> entries)
    {
        foreach (StoreEntry entry in entries)
        {
            if (!_known.TryGetValue(entry.Key, out StoreEntry? before) || before.Modified != entry.Modified
                || !before.Value.Span.SequenceEqual(entry.Value.Span))
            {
                _known[entry.Key] = entry;
                yield return new FollowEvent(FollowEventKind.Put, entry);
            }
        }
        HashSet<string> present = [.. entries.Select(e => e.Key)];
        foreach (StoreEntry gone in _known.Values.Where(e => !present.Contains(e.Key)).ToList())
        {
            _known.Remove(gone.Key);
            yield return new FollowEvent(FollowEventKind.Removed, gone);
        }
    }

    private FollowEvent? Apply(StoreChange change)
    {
        if (change.Entry is { } entry)
        {
            _known[entry.Key] = entry;
            return new FollowEvent(FollowEventKind.Put, entry);
        }
        return _known.Remove(change.Key, out StoreEntry? gone) ? new FollowEvent(FollowEventKind.Removed, gone) : null;
    }
}
