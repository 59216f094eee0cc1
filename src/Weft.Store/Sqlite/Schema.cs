namespace Weft.Store.Sqlite;

/// <summary>The tables of the file and their version.</summary>
internal static class Schema
{
    /// <summary>`PRAGMA application_id`: "Weft" in ASCII, so that no other program's database is taken for a store.</summary>
    public const long ApplicationId = 0x57656674;

    /// <summary>`PRAGMA user_version`. Raise it with every change below, and add the step from the version before.</summary>
    public const long Version = 1;

    public const string Create = """
        CREATE TABLE state (
          id          INTEGER PRIMARY KEY CHECK (id = 1),
          incarnation TEXT NOT NULL,     -- drawn when the file is made
          revision    INTEGER NOT NULL,  -- of the last change
          compacted   INTEGER NOT NULL   -- changes up to here are no longer kept
        ) STRICT;
        INSERT INTO state VALUES (1, lower(hex(randomblob(8))), 0, 0);

        CREATE TABLE entries (
          key      TEXT PRIMARY KEY,
          value    BLOB NOT NULL,
          created  INTEGER NOT NULL,
          modified INTEGER NOT NULL,
          lease    INTEGER             -- NULL: permanent
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entries_by_lease ON entries (lease) WHERE lease IS NOT NULL;

        CREATE TABLE changes (
          revision INTEGER PRIMARY KEY,
          key      TEXT NOT NULL,
          value    BLOB,               -- NULL: deleted
          created  INTEGER NOT NULL,
          lease    INTEGER
        ) STRICT;

        CREATE TABLE leases (
          id      INTEGER PRIMARY KEY,   -- drawn at random, so never that of another lease, here or in a file that was here before
          boot    TEXT NOT NULL,       -- boot_id of the kernel whose monotonic clock `expires` is of
          expires INTEGER NOT NULL     -- milliseconds
        ) STRICT;
        """;
}
