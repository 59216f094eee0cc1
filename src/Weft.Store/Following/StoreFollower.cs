using System.Runtime.CompilerServices;

namespace Weft.Store.Following;

/// <summary>Keeps its reader in step with all keys under a prefix: lists, watches, and lists again where the watch was cut.</summary>
/// <remarks>
/// A repeated list is told as its difference to what the reader knows, additions before removals, so that a reader that fills a table
/// never has a hole in it while an entry moves. When another store took the place of the known one (its file was lost, a backup put
/// back), the other agents first have to publish again: what is missing counts as removed only after <see cref="HoldRemovals"/>.
/// One reader per follower.
/// </remarks>
/// <param name="store">Stays the caller's.</param>
/// <param name="prefix">Begins the keys.</param>
/// <param name="clock">Time of pauses.</param>
/// <param name="chance">Uniform in [0, 1); null: of the runtime.</param>
public sealed class StoreFollower(IStore store, string prefix, TimeProvider clock, Func<double>? chance = null)
{
    /// <summary>How long entries that are missing in another store than the known one still stand.</summary>
    public static readonly TimeSpan HoldRemovals = TimeSpan.FromSeconds(30);

    /// <summary>Over how long those list again that were cut off at the same moment: the followers of all nodes.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly Func<double> _chance = chance ?? Random.Shared.NextDouble;
    private readonly Dictionary<string, StoreEntry> _known = new(StringComparer.Ordinal);
    private string? _incarnation;
    private Revision _seen;
    private long? _heldSince;

    public async IAsyncEnumerable<FollowEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan pause = s_shortestPause;
        while (true)
        {
            (StoreSnapshot? snapshot, StoreException? failure) = await ListAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is not null)
            {
                foreach (FollowEvent step in Merge(snapshot))
                {
                    yield return step;
                }
                pause = s_shortestPause;
                await foreach (FollowEvent step in WatchAsync(snapshot.Revision, cancellationToken).ConfigureAwait(false))
                {
                    failure = step.Failure;
                    if (failure is null)
                    {
                        yield return step;
                    }
                }
            }
            if (failure is null)
            {
                continue;
            }
            if (failure is StoreCompactedException)
            {
                await Task.Delay(_chance() * Spread, clock, cancellationToken).ConfigureAwait(false);
                continue;
            }
            yield return new FollowEvent(FollowEventKind.Interrupted, Failure: failure);
            await Task.Delay(pause + (_chance() * Spread), clock, cancellationToken).ConfigureAwait(false);
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

    // Ends with an Interrupted step, or without one when it is time to list again.
    private async IAsyncEnumerable<FollowEvent> WatchAsync(Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource hold = HoldTimer();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hold.Token, cancellationToken);
        IAsyncEnumerator<StoreChange> watch = store.WatchAsync(prefix, after, either.Token).GetAsyncEnumerator(either.Token);
        await using (watch.ConfigureAwait(false))
        {
            while (true)
            {
                FollowEvent? step;
                try
                {
                    if (!await watch.MoveNextAsync().ConfigureAwait(false))
                    {
                        throw new InvalidOperationException("the watch ended, which a store must not let happen");
                    }
                    step = Apply(watch.Current);
                }
                catch (StoreException e)
                {
                    step = new FollowEvent(FollowEventKind.Interrupted, Failure: e);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    yield break;
                }
                if (step is not null)
                {
                    yield return step;
                }
                if (step?.Failure is not null)
                {
                    yield break;
                }
            }
        }
    }

    private CancellationTokenSource HoldTimer()
    {
        if (_heldSince is not { } since)
        {
            return new CancellationTokenSource();
        }
        TimeSpan left = HoldRemovals - clock.GetElapsedTime(since);
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
    }

    private IEnumerable<FollowEvent> Merge(StoreSnapshot snapshot)
    {
        // A backup keeps the name of what it was made of, and goes back in time.
        bool isOther = _incarnation is not null && (_incarnation != snapshot.Incarnation || snapshot.Revision < _seen);
        (_incarnation, _seen) = (snapshot.Incarnation, snapshot.Revision);
        if (isOther)
        {
            _heldSince = clock.GetTimestamp();
        }
        foreach (StoreEntry entry in snapshot.Entries)
        {
            if (!_known.TryGetValue(entry.Key, out StoreEntry? before) || isOther || before.Modified != entry.Modified)
            {
                _known[entry.Key] = entry;
                yield return new FollowEvent(FollowEventKind.Put, entry);
            }
        }
        if (_heldSince is not { } since || clock.GetElapsedTime(since) >= HoldRemovals)
        {
            _heldSince = null;
            HashSet<string> present = [.. snapshot.Entries.Select(e => e.Key)];
            foreach (StoreEntry gone in _known.Values.Where(e => !present.Contains(e.Key)).ToList())
            {
                _known.Remove(gone.Key);
                yield return new FollowEvent(FollowEventKind.Removed, gone);
            }
        }
        yield return new FollowEvent(FollowEventKind.Synced, IsOtherStore: isOther);
    }

    private FollowEvent? Apply(StoreChange change)
    {
        _seen = change.Revision;
        if (change.Entry is { } entry)
        {
            _known[entry.Key] = entry;
            return new FollowEvent(FollowEventKind.Put, entry);
        }
        return _known.Remove(change.Key, out StoreEntry? gone) ? new FollowEvent(FollowEventKind.Removed, gone) : null;
    }
}
