using Microsoft.Extensions.Logging;
using Weft.Control.Controllers;
using Weft.Datapath.Conntrack;

namespace Weft.Control.Conntrack;

/// <summary>Collects expired connection tracking entries, the more often the more there are.</summary>
/// <remarks>Its controller runs it at start and whenever its timer fires; one run at a time.</remarks>
public sealed partial class ConntrackCollector : IAsyncDisposable
{
    public const string ControllerName = "ct-gc";

    private readonly ConntrackTables _tables;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private TimeSpan _interval = ConntrackSweep.MinInterval;

    public ConntrackCollector(ConntrackTables tables, ControllerSet controllers, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(controllers);
        ArgumentNullException.ThrowIfNull(clock);
        _tables = tables;
        _log = loggers.CreateLogger<ConntrackCollector>();
        _timer = clock.CreateTimer(
            _ => controllers.Find(ControllerName)?.Trigger(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        controllers.Start(new ControllerSpec(ControllerName, _ => SweepAsync()));
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private Task SweepAsync()
    {
        ConntrackSweep sweep = _tables.CollectExpired();
        _interval = sweep.NextInterval(_interval);
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        LogSwept(sweep.Seen, sweep.Deleted, _interval.TotalSeconds);
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Debug, Message = "conntrack swept seen={Seen} expired={Deleted} next={Seconds}s")]
    private partial void LogSwept(int seen, int deleted, double seconds);
}
