using Microsoft.Extensions.Logging;
using Weft.Datapath.Devices;
using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>
/// Deletes endpoints whose pod went without a word (its devices die with its network namespace), and finishes deletions that failed.
/// </summary>
/// <remarks>Run by a controller, now and then and whenever a pod's device disappears; after a failure with its back-off.</remarks>
public sealed partial class EndpointCollector(EndpointLifecycle endpoints, PodDevices devices, ILoggerFactory loggers)
{
    public const string ControllerName = "endpoint-gc";

    private readonly ILogger _log = loggers.CreateLogger<EndpointCollector>();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (Endpoint endpoint in endpoints.Table.All)
        {
            EndpointRecord record = endpoint.Record;
            if (endpoint.State == EndpointStateName.NotReady)
            {
                await DeleteAsync(endpoint, cancellationToken).ConfigureAwait(false);
            }
            else if (endpoint.State == EndpointStateName.Ready && devices.Find(record.HostInterface) is null)
            {
                LogPodGone(record.Id, record.HostInterface, record.DisplayName);
                await DeleteAsync(endpoint, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task DeleteAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            await endpoints.DeleteAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException error) when (error.Error == EndpointError.NotFound)
        {
            // Somebody else deleted it in the meantime.
        }
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Warning, Message = "pod gone id={Id} device={Device} pod={Pod} action=remove")]
    private partial void LogPodGone(EndpointId id, string device, string pod);
}
