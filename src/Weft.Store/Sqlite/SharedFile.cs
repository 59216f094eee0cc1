namespace Weft.Store.Sqlite;

/// <summary>The file that is open now. When the path no longer leads to it, the one that is there is opened, or a new one made.</summary>
/// <remarks>Going on with a removed file would split the agents: those who have it open, and those who start later.</remarks>
internal sealed class SharedFile(SqliteStoreOptions options) : IDisposable
{
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);

    private readonly SqliteErrors _errors = new(options);
    private readonly Lock _lock = new();
    private SqliteFile? _file;
    private StoreException? _fault;
    private long? _goneAt;
    private bool _disposed;

    /// <exception cref="StoreException">The file was removed or replaced, and there is none at the path that could be opened.</exception>
    public SqliteFile Current
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _fault is null ? _file! : throw new StoreUnavailableException(_fault.Message, _fault);
            }
        }
    }

    /// <returns>True if another file is open than before.</returns>
    public bool OpenWhatIsThere()
    {
        SqliteFile? old = _file;
        if (_fault is null && old is not null && old.IsAt(options.Path))
        {
            return false;
        }
        try
        {
            LetItSettle(isFirst: old is null);
            var opened = SqliteFile.Open(options, _errors);
            lock (_lock)
            {
                (_file, _fault, _goneAt) = (opened, null, null);
            }
        }
        catch (StoreException e)
        {
            lock (_lock)
            {
                _fault = e;
            }
            throw;
        }
        old?.Dispose();
        return old is not null;
    }

    public Task<T> ReadAsync<T>(string action, Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(file => file.Reader.ReadAsync(action, work, cancellationToken));

    public Task<T> WriteAsync<T>(string action, Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(file => file.Writer.WriteAsync(action, work, cancellationToken));

    /// <summary>Runs against the current file, and once more against the next one if it was exchanged before the work began.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteFile, Task<T>> work)
    {
        while (true)
        {
            SqliteFile file = Current;
            try
            {
                return await work(file).ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (file != _file)
            {
                // The work did not begin.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
        _file?.Dispose();
    }

    // Who removes the file removes its log and index next, and those must not be the ones of the file that is made in its place.
    private void LetItSettle(bool isFirst)
    {
        _goneAt ??= Environment.TickCount64;
        if (!isFirst && Environment.TickCount64 - _goneAt < s_settle.TotalMilliseconds)
        {
            throw new StoreUnavailableException($"use store {options.Path}: the file was removed or replaced (it is opened again in a moment)");
        }
    }
}
