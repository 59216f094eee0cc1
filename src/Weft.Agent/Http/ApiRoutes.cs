using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Weft.Agent.Presenting;
using Weft.Api;
using Weft.Control.Endpoints;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Control.Policy;
using Weft.Datapath;
using Weft.Linux;
using Weft.Store;

namespace Weft.Agent.Http;

/// <summary>All paths of the API, and the answers to requests that fail.</summary>
internal sealed partial class ApiRoutes(NodeAgent agent, IReadOnlyDictionary<string, string> startOptions, ILogger<ApiRoutes> log)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        ClusterPresenter cluster = new(agent);
        StatusPresenter status = new(agent, cluster);
        EndpointPresenter endpoints = new(agent, cluster);
        new StatusRoutes(status, cluster).Map(routes);
        new HealthRoutes(agent, new HealthPresenter(agent)).Map(routes);
        new ConfigRoutes(agent, status, cluster, startOptions).Map(routes);
        new EndpointRoutes(agent, endpoints).Map(routes);
        new CniRoutes(agent).Map(routes);
        new IdentityRoutes(agent).Map(routes);
        new IpamRoutes(agent, cluster).Map(routes);
        new IpamAuditRoutes(agent).Map(routes);
        new ServiceRoutes(agent).Map(routes);
        new PolicyRoutes(agent).Map(routes);
        new MapRoutes(agent).Map(routes);
        new MonitorRoute(agent, new PolicyRuleNames(agent.Policy)).Map(routes);
        new TraceRoutes(agent).Map(routes);
        new NetfilterTraceRoutes(agent).Map(routes);
        routes.MapFallback((RequestDelegate)(context => ApiWriter.WriteErrorAsync(
            context, StatusCodes.Status404NotFound, "path-not-found",
            $"{context.Request.Method} {context.Request.Path}: this agent's API has no such path")));
    }

    /// <summary>Turns what a handler throws into an answer; only defects are logged with their trace.</summary>
    public async Task TranslateFailuresAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up: nobody reads an answer.
        }
        catch (Exception error) when (!context.Response.HasStarted) // the edge of a request: it must be answered
        {
            (int status, string code) = Classify(error);
            if (status == StatusCodes.Status500InternalServerError)
            {
                LogFailed(error, context.Request.Method, context.Request.Path);
            }

            await ApiWriter.WriteErrorAsync(context, status, code, error.Message).ConfigureAwait(false);
        }
    }

    private static (int Status, string Code) Classify(Exception error) => error switch
    {
        ApiRequestException => (StatusCodes.Status400BadRequest, "bad-request"),
        BadHttpRequestException bad => (bad.StatusCode, "bad-request"),
        EndpointException { InnerException: AddressPoolException { Error: not AddressPoolError.RangeFull } refused } => (
            refused.Error == AddressPoolError.Taken ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest, ApiError.AddressRefused),
        EndpointException { Error: EndpointError.Invalid } => (StatusCodes.Status400BadRequest, "endpoint-invalid"),
        EndpointException { Error: EndpointError.NotFound } => (StatusCodes.Status404NotFound, "endpoint-not-found"),
        EndpointException { Error: EndpointError.Conflict } => (StatusCodes.Status409Conflict, "endpoint-exists"),
        EndpointException { Error: EndpointError.Exhausted } => (StatusCodes.Status507InsufficientStorage, "range-full"),
        EndpointException => (StatusCodes.Status500InternalServerError, "endpoint-failed"),
        AddressPoolException { Error: AddressPoolError.RangeFull } => (StatusCodes.Status507InsufficientStorage, "range-full"),
        AddressPoolException => (StatusCodes.Status409Conflict, ApiError.AddressRefused),
        StoreUnavailableException => (StatusCodes.Status503ServiceUnavailable, "store-unavailable"),
        StoreException => (StatusCodes.Status500InternalServerError, "store-failed"),
        LinuxException or DatapathException => (StatusCodes.Status500InternalServerError, "system-failed"),
        _ => (StatusCodes.Status500InternalServerError, "internal-error"),
    };

    [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "request failed {Method} {Path}")]
    private partial void LogFailed(Exception error, string method, PathString path);
}
