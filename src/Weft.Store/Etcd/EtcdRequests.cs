using Grpc.Core;

namespace Weft.Store.Etcd;

/// <summary>Writing to a stream of etcd's API.</summary>
internal static class EtcdRequests
{
    /// <summary>As the stream's own, but a connection that breaks while it writes is the call's failure like every other.</summary>
    /// <remarks>Grpc.Net.Client lets the exception of the connection through there, and nowhere else.</remarks>
    /// <exception cref="RpcException">The call failed.</exception>
    public static async Task SendAsync<T>(this IClientStreamWriter<T> stream, T request, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, broken.Message, broken));
        }
    }
}
