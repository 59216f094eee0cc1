using Microsoft.Extensions.Logging;
using Weft.Control.Monitoring;
using Weft.Datapath.Devices;

namespace Weft.Control.Endpoints;

/// <summary>Removes pods' devices, and waits only for what others can see of it.</summary>
/// <remarks>
/// The kernel says that a device is gone as soon as no packet and no name finds it, and frees it after a grace period or two, for
/// which the removing call waits.
/// </remarks>
public sealed partial class DeviceRemover(InterfaceNames names, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<DeviceRemover>();

    /// <summary>Returns when the device is gone, or was gone before.</summary>
    public async Task RemoveAsync(string hostInterface)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        names.Removed += OnRemoved;
        try
        {
            Task<bool> removal = Task.Factory.StartNew(
                () => PodDevices.Remove(hostInterface), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await (await Task.WhenAny(removal, gone.Task).ConfigureAwait(false)).ConfigureAwait(false);
            _ = removal.ContinueWith(
                failed => LogFailed(failed.Exception!, hostInterface), CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            names.Removed -= OnRemoved;
        }

        void OnRemoved(string name)
        {
            if (name == hostInterface)
            {
                gone.TrySetResult();
            }
        }
    }

    [LoggerMessage(EventId = 115, Level = LogLevel.Warning, Message = "device gone by itself while it was removed name={Device}")]
    private partial void LogFailed(Exception error, string device);
}
