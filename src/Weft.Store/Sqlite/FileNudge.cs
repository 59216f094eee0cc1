namespace Weft.Store.Sqlite;

/// <summary>Says that the store's files were written to, by inotify where the system has an instance left.</summary>
internal sealed class FileNudge : IDisposable
{
    // Not disposed: an event may still be on its way when the watcher is, and a semaphore without a wait handle holds nothing.
    private readonly SemaphoreSlim _set = new(0);
    private readonly FileSystemWatcher? _watcher;
    private int _pending;

    public FileNudge(string path)
    {
        try
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path) + "-wal")
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName,
            };
            _watcher.Changed += (_, _) => Set();
            _watcher.Created += (_, _) => Set();
            _watcher.Error += (_, _) => Set();
            _watcher.EnableRaisingEvents = true;
            LongestPause = TimeSpan.FromSeconds(1);
        }
        catch (IOException)
        {
            // fs.inotify.max_user_instances is used up: look often instead, which costs about 0.1 % of a CPU.
            _watcher?.Dispose();
            _watcher = null;
            LongestPause = TimeSpan.FromMilliseconds(25);
        }
    }

    /// <summary>How long nothing may be looked at: what a lost event costs at worst.</summary>
    public TimeSpan LongestPause { get; }

    public void Set()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
        {
            _set.Release();
        }
    }

    /// <returns>True for a nudge, false when the time is over or <paramref name="stop"/> is.</returns>
    public async Task<bool> WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            bool set = await _set.WaitAsync(pause, stop).ConfigureAwait(false);
            if (set)
            {
                Volatile.Write(ref _pending, 0);
            }
            return set;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _watcher?.Dispose();
}
