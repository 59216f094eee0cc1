using System.Net.Sockets;
using Weft.Api.Endpoints;

namespace Weft.Cni.Agent;

/// <summary>An endpoint that the agent has made and takes back unless it is told that the runtime has the result.</summary>
internal sealed class PendingEndpoint(EndpointResource endpoint, AgentExchange exchange) : IDisposable
{
    public EndpointResource Endpoint { get; } = endpoint;

    public void Confirm()
    {
        try
        {
            exchange.End();
        }
        catch (SocketException)
        {
            // The agent died after its answer. Then the endpoint is on disk, and stays.
        }
    }

    public void Dispose() => exchange.Dispose();
}
