using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Api;
using Weft.Api.Cni;
using Weft.Api.Endpoints;
using Weft.Cni.Protocol;

namespace Weft.Cni.Agent;

/// <summary>Calls of the agent, whose refusals arrive as what the runtime is told.</summary>
/// <remarks>Each throws <see cref="AgentLostException"/> where there is no answer.</remarks>
internal sealed class AgentCalls(string socket)
{
    public PendingEndpoint Create(EndpointChangeRequest request)
    {
        AgentExchange exchange = new();
        try
        {
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.EndpointChangeRequest);
            AgentAnswer answer = Ask(exchange, "PUT", ApiPaths.EndpointOf("0"), body, isOpen: true);
            return new PendingEndpoint(Read(answer, ApiJson.Default.EndpointResource), exchange);
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    public EndpointResource Get(string name) => Read(Ask("GET", ApiPaths.EndpointOf(name)), ApiJson.Default.EndpointResource);

    public CniStatus GetStatus() => Read(Ask("GET", ApiPaths.CniStatus), ApiJson.Default.CniStatus);

    /// <summary>Removes an endpoint, or finds that there is none, which is as good.</summary>
    public void Delete(string name)
    {
        AgentAnswer answer = Ask("DELETE", ApiPaths.EndpointOf(name));
        if (answer.Status != (int)HttpStatusCode.NotFound)
        {
            Require(answer);
        }
    }

    public CniCollection Collect(CniCollectionRequest request) => Read(
        Ask("POST", ApiPaths.CniCollection, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.CniCollectionRequest)),
        ApiJson.Default.CniCollection);

    /// <returns>A status with what every endpoint has: health and networking.</returns>
    public static EndpointStatus StatusOf(EndpointResource endpoint) => endpoint.Status is { Health: not null, Networking: not null } status
        ? status
        : throw Unreadable($"endpoint {endpoint.Id} has no health or networking");

    private AgentAnswer Ask(string method, string path, byte[]? body = null)
    {
        using AgentExchange exchange = new();
        return Ask(exchange, method, path, body, isOpen: false);
    }

    private AgentAnswer Ask(AgentExchange exchange, string method, string path, byte[]? body, bool isOpen)
    {
        bool wasAsked = false;
        try
        {
            exchange.Connect(socket);
            wasAsked = true;
            exchange.Send(method, path, body, isOpen);
            return exchange.Receive();
        }
        catch (SocketException e)
        {
            throw new AgentLostException(
                $"the agent does not answer on {socket} (does weft-agent run? "
                    + "if its socket is another, name it as 'socket' in the network configuration)",
                File.Exists(socket) ? e.Message : "there is no such socket", wasAsked);
        }
        catch (InvalidDataException e)
        {
            throw new CniException(CniErrorCode.Failed, e.Message);
        }
    }

    private static T Read<T>(AgentAnswer answer, JsonTypeInfo<T> type)
        where T : class
    {
        Require(answer);
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, type) ?? throw Unreadable("it is null");
        }
        catch (JsonException e)
        {
            throw Unreadable(e.Message);
        }
    }

    private static void Require(AgentAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            ApiError error = ReadError(answer);
            throw new CniException(CodeOf((HttpStatusCode)answer.Status, error.Code), error.Message);
        }
    }

    private static ApiError ReadError(AgentAnswer answer)
    {
        try
        {
            if (JsonSerializer.Deserialize(answer.Body.Span, ApiJson.Default.ApiError) is { Message: not null } error)
            {
                return error;
            }
        }
        catch (JsonException)
        {
            // Something else than an agent: the status is all there is to tell.
        }

        return new ApiError("unknown", $"the agent answers with HTTP {answer.Status}");
    }

    /// <summary>What the agent is asked for comes from the environment, but for the addresses, which the configuration names.</summary>
    private static int CodeOf(HttpStatusCode status, string code) => status switch
    {
        _ when code == ApiError.AddressRefused => CniErrorCode.InvalidConfig,
        HttpStatusCode.BadRequest => CniErrorCode.InvalidEnvironment,
        HttpStatusCode.NotFound when code == "endpoint-not-found" => CniErrorCode.UnknownContainer,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage => CniErrorCode.TryAgainLater,
        _ => CniErrorCode.Failed,
    };

    private static CniException Unreadable(string problem) => new(
        CniErrorCode.Failed, $"read the agent's answer: {problem} (are weft-cni and weft-agent of one version?)");
}
