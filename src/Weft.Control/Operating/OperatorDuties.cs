using Microsoft.Extensions.Logging;
using Weft.Control.Controllers;
using Weft.Store;
using Weft.Store.Layout;

namespace Weft.Control.Operating;

/// <summary>What is to be done once for a whole cluster, by whoever of the operators leads.</summary>
public sealed partial class OperatorDuties(IStore store, OperatorSettings settings, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<OperatorDuties>();

    /// <summary>Takes part until cancelled. Throws where the store does not answer: to be run again.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => new LeaderElection(
        store, StoreKeys.Leader(settings.Cluster), settings.Name, settings.LeaseTimeToLive).RunAsync(LeadAsync, cancellationToken);

    private async Task LeadAsync(IStore guarded, CancellationToken end)
    {
        LogLeads(settings.Name);
        PodCidrAssigner assigner = new(guarded, settings.Cluster, settings.Pools, loggers);
        IdentityCollector collector = new(guarded, settings.UnusedFor, clock, loggers);
        ControllerSet duties = new(clock, Random.Shared.NextDouble);
        await using (duties.ConfigureAwait(false))
        {
            duties.Start(new ControllerSpec("assign-pod-cidrs", assigner.RunAsync));
            duties.Start(new ControllerSpec("collect-identities", collector.RunAsync) { Interval = settings.CollectEvery });
            TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = end.Register(over.SetResult);
            await over.Task.ConfigureAwait(false);
        }

        LogEnds(settings.Name);
    }

    [LoggerMessage(EventId = 403, Level = LogLevel.Information, Message = "operator leads name={Name}")]
    private partial void LogLeads(string name);

    [LoggerMessage(EventId = 404, Level = LogLevel.Information, Message = "operator leads no more name={Name}")]
    private partial void LogEnds(string name);
}
