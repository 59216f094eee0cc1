using System.Net;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Status;
using Weft.Cni.Protocol;

namespace Weft.Cni;

/// <summary>Calls of the agent, whose failures arrive as what the runtime is told.</summary>
internal sealed class AgentCalls(string socket) : IDisposable
{
    private readonly AgentClient _client = new(socket);

    public void Dispose() => _client.Dispose();

    public Task<EndpointResource> CreateAsync(EndpointChangeRequest request) => TranslateAsync(() => _client.CreateEndpointAsync(request));

    public Task<EndpointResource> GetAsync(string name) => TranslateAsync(() => _client.GetEndpointAsync(name));

    public Task<IReadOnlyList<EndpointResource>> ListAsync() => TranslateAsync(() => _client.GetEndpointsAsync());

    public Task<StatusResponse> GetStatusAsync() => TranslateAsync(() => _client.GetStatusAsync(), CniErrorCode.NotAvailable);

    /// <summary>Removes an endpoint, or finds that there is none, which is as good.</summary>
    public Task DeleteAsync(string name) => TranslateAsync(async () =>
    {
        try
        {
            await _client.DeleteEndpointAsync(name);
        }
        catch (AgentApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }

        return true;
    });

    /// <returns>A status with what every endpoint has: health and networking.</returns>
    public static EndpointStatus StatusOf(EndpointResource endpoint) => endpoint.Status is { Health: not null, Networking: not null } status
        ? status
        : throw new CniException(
            CniErrorCode.Failed,
            $"read the agent's answer: endpoint {endpoint.Id} has no health or networking (are weft-cni and weft-agent of one version?)");

    private async Task<T> TranslateAsync<T>(Func<Task<T>> call, int codeWhenUnreachable = CniErrorCode.TryAgainLater)
    {
        try
        {
            return await call();
        }
        catch (AgentUnreachableException e)
        {
            throw new CniException(
                codeWhenUnreachable,
                $"the agent does not answer on {_client.SocketPath} (does weft-agent run? "
                    + "if its socket is another, name it as 'socket' in the network configuration)",
                File.Exists(_client.SocketPath) ? e.InnerException?.Message : "there is no such socket");
        }
        catch (AgentApiException e)
        {
            throw new CniException(CodeOf(e.Status), e.Message);
        }
        catch (InvalidDataException e)
        {
            throw new CniException(CniErrorCode.Failed, e.Message);
        }
    }

    /// <summary>What the agent is asked for comes from the environment, so that is what is wrong with a bad request.</summary>
    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => CniErrorCode.InvalidEnvironment,
        HttpStatusCode.NotFound => CniErrorCode.UnknownContainer,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage => CniErrorCode.TryAgainLater,
        _ => CniErrorCode.Failed,
    };
}
