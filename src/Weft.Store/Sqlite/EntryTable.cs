using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Weft.Store.Sqlite;

/// <summary>The statements on entries and their history; each call is part of a transaction of the caller.</summary>
internal static class EntryTable
{
    private const int CompactEvery = 256;
    private const int WatchBatch = 256;

    public static StoreEntry? Get(SqliteSession session, string key) => session.Rows(
        ReadEntry, "SELECT key, value, created, modified, lease FROM entries WHERE key = $1", key).FirstOrDefault();

    public static StoreSnapshot List(SqliteSession session, string prefix, string incarnation)
    {
        List<StoreEntry> entries = session.Rows(
            ReadEntry,
            "SELECT key, value, created, modified, lease FROM entries WHERE key >= $1 AND ($2 IS NULL OR key < $2) ORDER BY key",
            prefix, StoreLimits.EndOf(prefix));
        return new StoreSnapshot([.. entries], CurrentRevision(session), incarnation);
    }

    /// <summary>Writes without looking at conditions.</summary>
    public static StoreEntry Put(SqliteSession session, string key, ReadOnlyMemory<byte> value, StoreEntry? current, long? lease)
    {
        Revision revision = Advance(session);
        Revision created = current?.Created ?? revision;
        byte[] bytes = MemoryMarshal.TryGetArray(value, out ArraySegment<byte> segment) && segment.Offset == 0
            && segment.Array!.Length == segment.Count ? segment.Array : value.ToArray();
        session.Execute(
            "INSERT OR REPLACE INTO entries (key, value, created, modified, lease) VALUES ($1, $2, $3, $4, $5)",
            key, bytes, created.Value, revision.Value, lease);
        session.Execute(
            "INSERT INTO changes (revision, key, value, created, lease) VALUES ($1, $2, $3, $4, $5)",
            revision.Value, key, bytes, created.Value, lease);
        return new StoreEntry(key, value.ToArray(), created, revision, lease is not null);
    }

    public static void Delete(SqliteSession session, string key)
    {
        Revision revision = Advance(session);
        session.Execute("DELETE FROM entries WHERE key = $1", key);
        session.Execute("INSERT INTO changes (revision, key, created) VALUES ($1, $2, 0)", revision.Value, key);
    }

    /// <summary>The next changes under the prefix, and the revision to go on from: past changes of other prefixes too.</summary>
    public static (ImmutableArray<StoreChange> Changes, Revision Seen) ChangesAfter(SqliteSession session, string prefix, Revision after)
    {
        Revision current = CurrentRevision(session);
        var compacted = new Revision(session.Number("SELECT compacted FROM state"));
        // A revision from the future is one of another file that was here before.
        if (after < compacted || after > current)
        {
            throw new StoreCompactedException(after, compacted);
        }
        if (after == current)
        {
            return ([], after);
        }
        List<StoreChange> changes = session.Rows(
            ReadChange,
            "SELECT revision, key, value, created, lease FROM changes "
            + $"WHERE revision > $1 AND key >= $2 AND ($3 IS NULL OR key < $3) ORDER BY revision LIMIT {WatchBatch}",
            after.Value, prefix, StoreLimits.EndOf(prefix));
        return ([.. changes], changes.Count == WatchBatch ? changes[^1].Revision : current);
    }

    /// <summary>Now and then drops history beyond its bounds, oldest first.</summary>
    public static void Compact(SqliteSession session, Revision revision, SqliteStoreOptions options)
    {
        if (revision.Value % Math.Min(CompactEvery, options.HistoryLength) != 0)
        {
            return;
        }
        session.Execute(
            "UPDATE state SET compacted = max(compacted, revision - $1, coalesce((SELECT revision FROM "
            + "(SELECT revision, sum(length(value)) OVER (ORDER BY revision DESC) AS bytes FROM changes) "
            + "WHERE bytes > $2 ORDER BY revision DESC LIMIT 1), 0))",
            options.HistoryLength, options.HistoryBytes);
        session.Execute("DELETE FROM changes WHERE revision <= (SELECT compacted FROM state)");
    }

    private static Revision Advance(SqliteSession session) =>
        new(session.Number("UPDATE state SET revision = revision + 1 RETURNING revision"));

    private static Revision CurrentRevision(SqliteSession session) => new(session.Number("SELECT revision FROM state"));

    private static StoreEntry ReadEntry(SqliteDataReader row) => new(
        row.GetString(0), row.GetFieldValue<byte[]>(1), new Revision(row.GetInt64(2)), new Revision(row.GetInt64(3)), !row.IsDBNull(4));

    private static StoreChange ReadChange(SqliteDataReader row)
    {
        var revision = new Revision(row.GetInt64(0));
        string key = row.GetString(1);
        return new StoreChange(key, revision, row.IsDBNull(2)
            ? null
            : new StoreEntry(key, row.GetFieldValue<byte[]>(2), new Revision(row.GetInt64(3)), revision, !row.IsDBNull(4)));
    }
}
