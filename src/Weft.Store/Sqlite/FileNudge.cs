namespace Weft.Store.Sqlite;

/// <summary>Says that something happened to the store's files, by inotify where the system has an instance left.</summary>
internal sealed class FileNudge : IDisposable
{
    private static readonly TimeSpan s_watchedPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_unwatchedPause = TimeSpan.FromMilliseconds(25);

    private readonly string _directory;
    private readonly string _name;

    // Not disposed: an event may still be on its way when the watcher is, and a semaphore without a wait handle holds nothing.
    private readonly SemaphoreSlim _set = new(0);
    private FileSystemWatcher? _watcher;
    private int _pending;

    public FileNudge(string path)
    {
        _directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _name = Path.GetFileName(path);
        Rearm();
    }

    /// <summary>How long nothing may be looked at: what a lost event costs at worst.</summary>
    public TimeSpan LongestPause => _watcher is null ? s_unwatchedPause : s_watchedPause;

    /// <summary>Watches again, after the directory itself may have been replaced.</summary>
    public void Rearm()
    {
        _watcher?.Dispose();
        _watcher = null;
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(_directory) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName };
            watcher.Filters.Add(_name);
            watcher.Filters.Add(_name + "-wal");
            watcher.Changed += (_, _) => Set();
            watcher.Created += (_, _) => Set();
            watcher.Deleted += (_, _) => Set();
            watcher.Renamed += (_, _) => Set();
            watcher.Error += (_, _) => Set();
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // fs.inotify.max_user_instances is used up, or the directory is gone: look often instead, which costs about 0.1 % of a CPU.
            watcher?.Dispose();
        }
    }

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
