using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Store.Following;

/// <summary>Follows the JSON documents under a prefix. A value that is no such document is told and skipped, never thrown.</summary>
public sealed class RecordFollower<T>(IStore store, string prefix, JsonTypeInfo<T> type, TimeProvider clock)
    where T : class
{
    private readonly StoreFollower _follower = new(store, prefix, clock);
    private readonly Dictionary<string, (T Record, Revision Created)> _known = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<RecordEvent<T>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (FollowEvent step in _follower.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            RecordEvent<T>? told = step.Kind switch
            {
                FollowEventKind.Put => Put(step.Entry!),
                FollowEventKind.Removed => Remove(step.Entry!.Key),
                FollowEventKind.Synced => new RecordEvent<T>(RecordEventKind.Synced, IsOtherStore: step.IsOtherStore),
                _ => new RecordEvent<T>(RecordEventKind.Interrupted, Failure: step.Failure?.Message),
            };
            if (told is not null)
            {
                yield return told;
            }
        }
    }

    private RecordEvent<T>? Put(StoreEntry entry)
    {
        if (!RecordReader.TryRead(entry, type, out T? record, out string? error))
        {
            return new RecordEvent<T>(RecordEventKind.Rejected, entry.Key, Failure: error);
        }
        (T? previous, Revision created) = _known.GetValueOrDefault(entry.Key);
        // One that was deleted and made again unseen is the same record, but younger than it was.
        if (record.Equals(previous) && created == entry.Created)
        {
            return null;
        }
        _known[entry.Key] = (record, entry.Created);
        return new RecordEvent<T>(RecordEventKind.Put, entry.Key, record, previous, Created: entry.Created);
    }

    private RecordEvent<T>? Remove(string key) =>
        _known.Remove(key, out (T Record, Revision) last) ? new RecordEvent<T>(RecordEventKind.Removed, key, last.Record) : null;
}
