using Microsoft.Data.Sqlite;

namespace Weft.Store.Sqlite;

/// <summary>One connection with its prepared statements, used by one caller at a time.</summary>
/// <remarks>SQLite blocks, so work runs on a pool thread; callers queue without blocking one.</remarks>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteErrors _errors;
    private readonly int _commandTimeout;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private bool _disposed;

    public SqliteSession(SqliteStoreOptions options, SqliteErrors errors)
    {
        _errors = errors;
        // Microsoft.Data.Sqlite sleeps and repeats a busy command until this time is over; SQLite's own wait is the finer one and ends first.
        _commandTimeout = Math.Max(1, (int)options.LockTimeout.TotalSeconds);
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = _commandTimeout,
        };
        _connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            _connection.Open();
            // NORMAL: a commit is safe against the death of any process; the last ones before a power cut may be undone, whole. After
            // one, no pod of the node runs, and what the agents publish again is what then counts; a flush per commit would cost
            // milliseconds of every pod's start.
            ExecuteScript($"""
                PRAGMA busy_timeout = {(long)options.LockTimeout.TotalMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA journal_size_limit = 4194304;
                PRAGMA cell_size_check = ON;
                PRAGMA trusted_schema = OFF;
                """);
        }
        catch
        {
            _connection.Dispose();
            _turn.Dispose();
            throw;
        }
    }

    public async Task<T> RunAsync<T>(string action, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Guard(action, work), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs work in a write transaction: all of it is committed, or nothing where it throws.</summary>
    public Task<T> WriteAsync<T>(string action, Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(action, session => session.InTransaction("BEGIN IMMEDIATE", work), cancellationToken);

    /// <summary>Runs work that sees one state of the database.</summary>
    public Task<T> ReadAsync<T>(string action, Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(action, session => session.InTransaction("BEGIN", work), cancellationToken);

    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Prepare(sql, arguments).ExecuteNonQuery();

    public long Number(string sql, params ReadOnlySpan<object?> arguments) =>
        Prepare(sql, arguments).ExecuteScalar() is long number ? number : throw new InvalidOperationException($"no number from: {sql}");

    public List<T> Rows<T>(Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using SqliteDataReader reader = Prepare(sql, arguments).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    /// <summary>Several statements, prepared once for this call.</summary>
    public void ExecuteScript(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this assembly
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = _commandTimeout;
        command.ExecuteNonQuery();
    }

    public T InTransaction<T>(string begin, Func<SqliteSession, T> work)
    {
        Execute(begin);
        try
        {
            T result = work(this);
            Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        // Waits for the call in progress: closing a connection under it is not safe.
        _turn.Wait();
        _disposed = true;
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }
        _connection.Dispose();
        _turn.Release();
    }

    private T Guard<T>(string action, Func<SqliteSession, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return work(this);
        }
        catch (SqliteException e)
        {
            throw _errors.Explain(action, e);
        }
    }

    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite ends the transaction itself on the graver errors, which the caller already reports.
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this assembly
            command.CommandText = sql;
#pragma warning restore CA2100
            command.CommandTimeout = _commandTimeout;
            for (int i = 1; i <= arguments.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }
            _commands.Add(sql, command);
        }
        for (int i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        }
        return command;
    }
}
