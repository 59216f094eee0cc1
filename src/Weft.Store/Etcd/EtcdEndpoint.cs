using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace Weft.Store.Etcd;

/// <summary>One member of the cluster and the HTTP/2 connection to it.</summary>
/// <remarks>Thread-safe. <see cref="Reset"/> makes the next call use a new connection, with certificates as their files are then.</remarks>
internal sealed class EtcdEndpoint(EtcdStoreOptions options, string address) : IDisposable
{
    private readonly Lock _lock = new();
    private GrpcChannel? _channel;
    private bool _disposed;

    public string Address => address;

    /// <exception cref="StoreException">The files of the certificates cannot be used.</exception>
    public CallInvoker Invoker
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return (_channel ??= Connect()).CreateCallInvoker();
            }
        }
    }

    /// <summary>Ends the calls and watches on the connection.</summary>
    public void Reset()
    {
        GrpcChannel? old;
        lock (_lock)
        {
            (old, _channel) = (_channel, null);
        }
        old?.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
        Reset();
    }

    private GrpcChannel Connect()
    {
        bool tls = options.Location.IsTls;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = options.ProbeAfter,
            KeepAlivePingTimeout = options.ProbeTimeout,
            UseProxy = false,
        };
        if (tls)
        {
            handler.SslOptions = TlsFiles.Read(options.Location, address[..address.LastIndexOf(':')]);
        }
        return GrpcChannel.ForAddress($"{(tls ? "https" : "http")}://{address}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
        });
    }

    // gRPC's own connecting waits up to two minutes after failures; here a call that fails says so at once, and who calls again decides when.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = options.OpenSocket();
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
