using Microsoft.Extensions.Logging;
using Weft.Control.State;
using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>Has what policy denies an endpoint only told, or dropped again; over restarts too.</summary>
internal sealed partial class EndpointAuditor(EndpointContext context)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointAuditor>();

    public async Task ChangeAsync(Endpoint endpoint, bool isAudited, CancellationToken cancellationToken)
    {
        string attempt = $"change the policy audit mode of endpoint {endpoint.Id}";
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (endpoint.State != EndpointStateName.Ready)
            {
                throw new EndpointException(EndpointError.Conflict, $"{attempt}: it is being deleted");
            }

            if (endpoint.Record.IsPolicyAudited == isAudited)
            {
                return;
            }

            EndpointRecord after = endpoint.Record with { IsPolicyAudited = isAudited };
            context.State.Write(new StoredEndpoint(EndpointPhase.Ready, after));
            endpoint.Replace(after);
            await context.Policy.SetAuditAsync(after.Id, isAudited, CancellationToken.None).ConfigureAwait(false);
            endpoint.Enter(EndpointStateName.Ready, $"policy audit mode {(isAudited ? "on: what policy denies passes" : "off")}");
            LogChanged(endpoint.Id, isAudited);
        }
        catch (IOException error) when (EndpointFailures.Describe(attempt, error) is { } described)
        {
            throw described;
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "policy audit mode changed id={Id} audited={IsAudited}")]
    private partial void LogChanged(EndpointId id, bool isAudited);
}
