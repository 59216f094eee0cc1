using Microsoft.Extensions.Logging;
using Weft.Control.Monitoring;
using Weft.Datapath.Devices;

namespace Weft.Control.Endpoints;

/// <summary>Removes pods' devices, and waits only for what others can see of it.</summary>
/// <remarks>
/// The kernel closes the device, takes it off its list and out of every lookup, says that it is down, and then waits for grace periods
/// (<c>unregister_netdevice_many</c>: one more for a program that has its link) before it says that the device is gone and frees it.
/// All of that is one system call under the lock that every other look at devices takes.
/// </remarks>
public sealed partial class DeviceRemover(InterfaceNames names, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<DeviceRemover>();

    /// <summary>Returns when the device passes no packet and nobody else finds it, or it was gone before.</summary>
    public async Task RemoveAsync(string hostInterface)
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        names.Closed += OnClosed;
        names.Removed += OnClosed;
        try
        {
            Task<bool> removal = Task.Factory.StartNew(
                () => PodDevices.Remove(hostInterface), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await (await Task.WhenAny(removal, closed.Task).ConfigureAwait(false)).ConfigureAwait(false);
            _ = removal.ContinueWith(
                failed => LogFailed(failed.Exception!, hostInterface), CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            names.Closed -= OnClosed;
            names.Removed -= OnClosed;
        }

        void OnClosed(string name)
        {
            if (name == hostInterface)
            {
                closed.TrySetResult();
            }
        }
    }

    [LoggerMessage(EventId = 115, Level = LogLevel.Warning, Message = "device gone by itself while it was removed name={Device}")]
    private partial void LogFailed(Exception error, string device);
}
