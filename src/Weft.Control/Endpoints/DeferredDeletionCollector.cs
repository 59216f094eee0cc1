using Microsoft.Extensions.Logging;
using Weft.Api.Cni;
using Weft.Linux;

namespace Weft.Control.Endpoints;

/// <summary>Deletes the endpoints that the CNI plugin was told to delete while no agent answered.</summary>
/// <remarks>
/// A note is done before a new endpoint of the same name is made, and is gone then, so that it never hits the wrong one. Links in the
/// directory are not followed: nothing outside of it is touched, whatever it holds.
/// </remarks>
public sealed partial class DeferredDeletionCollector(EndpointLifecycle endpoints, string directory, ILoggerFactory loggers) : IDisposable
{
    public const string ControllerName = "deferred-deletions";

    private static readonly EnumerationOptions s_noLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, ReturnSpecialDirectories = false };

    private readonly ILogger _log = loggers.CreateLogger<DeferredDeletionCollector>();
    private readonly SemaphoreSlim _one = new(1, 1);
    private FileSystemWatcher? _watcher;

    /// <summary>Somebody left a note.</summary>
    public event Action? Left;

    /// <summary>Does all that is noted. A note whose endpoint could not be deleted stays.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        PrivateDirectory.Ensure(directory);
        Watch();
        List<string> failures = [];
        foreach (FileInfo note in new DirectoryInfo(directory).EnumerateFiles("*:*", s_noLinks).Take(DeferredDeletions.Max))
        {
            string[] names = note.Name.Split(':', 2);
            try
            {
                await SettleAsync(names[0], names[1], cancellationToken).ConfigureAwait(false);
            }
            catch (EndpointException error)
            {
                failures.Add(error.Message);
            }
        }

        if (failures.Count > 0)
        {
            throw new InvalidOperationException($"{failures.Count} deferred deletions are still to do: {string.Join("; ", failures)}");
        }
    }

    /// <summary>Deletes what is noted under this name, if anything is.</summary>
    /// <exception cref="EndpointException">It is, and it could not be deleted.</exception>
    public async Task SettleAsync(string containerId, string containerInterface, CancellationToken cancellationToken)
    {
        string note = Path.Combine(directory, DeferredDeletions.NameOf(containerId, containerInterface));
        if (containerId.Contains('/', StringComparison.Ordinal) || !File.Exists(note))
        {
            return; // a name with a slash is no CNI plugin's
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (File.Exists(note) && PrivateDirectory.Exists(directory))
            {
                await DeleteAsync(containerId, containerInterface, cancellationToken).ConfigureAwait(false);
                File.Delete(note);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _one.Dispose();
    }

    private async Task DeleteAsync(string containerId, string containerInterface, CancellationToken cancellationToken)
    {
        if (endpoints.Table.TryFind(containerId, containerInterface) is not { } endpoint)
        {
            return;
        }

        try
        {
            LogDeferred(endpoint.Id.Value, endpoint.Record.DisplayName);
            await endpoints.DeleteAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException error) when (error.Error == EndpointError.NotFound)
        {
            // Its pod died in the meantime.
        }
    }

    private void Watch()
    {
        if (_watcher is not null)
        {
            return;
        }

        FileSystemWatcher watcher = new(directory) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) => Left?.Invoke();
        watcher.Error += (_, _) => Left?.Invoke();
        try
        {
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (IOException error)
        {
            // The system has no inotify instance left: the interval of the controller must do.
            LogUnwatched(error, directory);
            watcher.Dispose();
        }
    }

    [LoggerMessage(EventId = 170, Level = LogLevel.Information, Message = "deferred deletion id={Id} pod={Pod}")]
    private partial void LogDeferred(ushort id, string pod);

    [LoggerMessage(EventId = 171, Level = LogLevel.Warning, Message = "directory not watched path={Path}")]
    private partial void LogUnwatched(Exception error, string path);
}
