using Microsoft.Extensions.Logging;
using Weft.Control.Controllers;
using Weft.Control.Logging;
using Weft.Control.Operating;
using Weft.Store;

namespace Weft.Operator;

/// <summary>The process: takes part until it is told to end.</summary>
internal static partial class OperatorHost
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(
            builder => builder.AddProvider(new LineLoggerProvider(Console.Error, TimeProvider.System)));
        try
        {
            IStore store = await options.Store.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                await TakePartAsync(store, options.Settings, loggers, cancellationToken).ConfigureAwait(false);
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (StoreException error)
        {
            await Console.Error.WriteLineAsync($"weft-operator: {error.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    // A store that is away comes back; until then it is tried again at growing pauses.
    private static async Task TakePartAsync(
        IStore store, OperatorSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger log = loggers.CreateLogger("operator");
        OperatorDuties duties = new(store, settings, TimeProvider.System, loggers);
        ControllerSet controllers = new(TimeProvider.System, Random.Shared.NextDouble);
        await using (controllers.ConfigureAwait(false))
        {
            LogStarted(log, store.Location, settings.Name);
            controllers.Start(new ControllerSpec("operator", Run) { RetryMax = s_longestPause });
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Run(CancellationToken stop)
        {
            try
            {
                await duties.RunAsync(stop).ConfigureAwait(false);
            }
            catch (StoreException error)
            {
                LogAway(log, error.Message);
                throw;
            }
        }
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Information, Message = "takes part store={Store} name='{Name}'")]
    private static partial void LogStarted(ILogger log, string store, string name);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "store away why='{Why}'")]
    private static partial void LogAway(ILogger log, string why);
}
