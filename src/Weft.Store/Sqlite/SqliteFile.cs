using Microsoft.Data.Sqlite;
using Weft.Linux;

namespace Weft.Store.Sqlite;

/// <summary>The open file: one session that writes, and one that reads without waiting for it.</summary>
internal sealed class SqliteFile : IDisposable
{
    private const int Tries = 5;

    private readonly FileIdentity _identity;
    private readonly FileIdentity? _log;
    private readonly FileIdentity? _index;

    private SqliteFile(SqliteSession writer, SqliteSession reader, string path, FileIdentity identity)
    {
        Writer = writer;
        Reader = reader;
        _identity = identity;
        (_log, _index) = Companions(path);
        string drawn = reader.Rows(row => row.GetString(0), "SELECT incarnation FROM state")[0];
        Incarnation = $"{drawn}/{identity.DeviceMajor}:{identity.DeviceMinor}:{identity.Inode}";
    }

    public SqliteSession Writer { get; }

    public SqliteSession Reader { get; }

    /// <summary>Differs for a new file, and for an old copy that was put in its place.</summary>
    public string Incarnation { get; }

    public static SqliteFile Open(SqliteStoreOptions options, SqliteErrors errors)
    {
        for (int i = 0; i < Tries; i++)
        {
            DatabaseFile.CreateIfMissing(options.Path);
            FileIdentity? before = FileIdentity.Of(options.Path);
            var opened = new Stack<SqliteSession>();
            try
            {
                opened.Push(new SqliteSession(options, errors));
                opened.Peek().InTransaction("BEGIN IMMEDIATE", s => DatabaseFile.Verify(s, options.Path, errors));
                opened.Push(new SqliteSession(options, errors));
                if (before is { } identity && FileIdentity.Of(options.Path) == identity)
                {
                    SqliteSession reader = opened.Pop();
                    return new SqliteFile(opened.Pop(), reader, options.Path, identity);
                }
            }
            catch (SqliteException e)
            {
                throw errors.Explain("open", e);
            }
            finally
            {
                foreach (SqliteSession session in opened)
                {
                    session.Dispose();
                }
            }
        }
        throw new StoreUnavailableException($"open store {options.Path}: the file is replaced again and again");
    }

    /// <summary>The path still leads to this file and its log: nobody removed them or put others there.</summary>
    public bool IsAt(string path) => FileIdentity.Of(path) == _identity && Companions(path) == (_log, _index);

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    // SQLite keeps both as long as anybody has the file open.
    private static (FileIdentity? Log, FileIdentity? Index) Companions(string path) =>
        (FileIdentity.Of(path + "-wal"), FileIdentity.Of(path + "-shm"));
}
