using Microsoft.Data.Sqlite;

namespace Weft.Store.Sqlite;

/// <summary>Turns SQLite's codes (sqlite3.h) into what a person can act on.</summary>
internal sealed class SqliteErrors(SqliteStoreOptions options)
{
    private const int SQLITE_BUSY = 5;
    private const int SQLITE_LOCKED = 6;
    private const int SQLITE_READONLY = 8;
    private const int SQLITE_IOERR = 10;
    private const int SQLITE_CORRUPT = 11;
    private const int SQLITE_FULL = 13;
    private const int SQLITE_CANTOPEN = 14;
    private const int SQLITE_NOTADB = 26;
    private const int SQLITE_IOERR_WRITE = 778;
    private const int SQLITE_IOERR_SHMSIZE = 4874;

    private readonly string _path = options.Path;

    public StoreException Explain(string action, SqliteException error)
    {
        string what = $"{action}: store {_path}";
        return (error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
        {
            (SQLITE_BUSY or SQLITE_LOCKED, _) => new StoreUnavailableException(
                $"{what} is still locked by another process after {options.LockTimeout.TotalSeconds:0.#} s "
                + $"(see who has it open with 'fuser -v {_path}'; a backup must use sqlite3's .backup)", error),
            (SQLITE_FULL, _) or (_, SQLITE_IOERR_WRITE or SQLITE_IOERR_SHMSIZE) => new StoreUnavailableException(
                $"{what}: no space left on its file system (free some, the agent goes on by itself)", error),
            (SQLITE_READONLY, _) => new StoreException(
                $"{what} is read-only (make the file and its directory writable for the agent)", error),
            (SQLITE_CORRUPT or SQLITE_NOTADB, _) => Damaged(action, error.Message, error),
            (SQLITE_CANTOPEN, _) => new StoreException(
                $"{what} cannot be opened (check that its file system is not read-only, and that the agent may read and write the file "
                + "and make -wal and -shm files in its directory)", error),
            (SQLITE_IOERR, int extended) => new StoreUnavailableException(
                $"{what}: input/output error {extended} (look for the disk's errors in the kernel log)", error),
            _ => new StoreException($"{what}: {error.Message} (SQLite error {error.SqliteExtendedErrorCode})", error),
        };
    }

    public StoreException Damaged(string action, string why, Exception? inner = null) => new(
        $"{action}: store {_path} is damaged: {why.TrimEnd('.')} (move the file and its -wal and -shm away: agents that run make a new one "
        + "and publish nodes, identities and addresses again)", inner);
}
