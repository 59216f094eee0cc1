using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Weft.Cri.Wire;

namespace Weft.Cri;

/// <summary>A container runtime that speaks CRI version 1 on a unix socket, such as containerd or CRI-O.</summary>
/// <remarks>Connects with the first call, and again after the runtime restarted. Thread-safe.</remarks>
public sealed class CriRuntime : IDisposable
{
    /// <summary>As the kubelet has it; a node's sandboxes are some 100 KB.</summary>
    private const int LargestMessage = 16 << 20;

    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;

    public CriRuntime(string socketPath)
    {
        SocketPath = socketPath;
        _channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    UseProxy = false,
                    ConnectTimeout = s_connectLimit,
                    ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken),
                },
                DisposeHttpClient = true,
                MaxReceiveMessageSize = LargestMessage,
            });
        Calls = new RuntimeService.RuntimeServiceClient(_channel);
    }

    public string SocketPath { get; }

    /// <summary>All calls, as they are on the wire.</summary>
    public RuntimeService.RuntimeServiceClient Calls { get; }

    /// <summary>The sandboxes that the runtime has, running or not.</summary>
    /// <param name="id">Only this one; null: all.</param>
    /// <exception cref="CriException">It does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<PodSandbox>> ListSandboxesAsync(string? id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ListPodSandboxRequest request = id is null ? new() : new() { Filter = new PodSandboxFilter { Id = id } };
        try
        {
            ListPodSandboxResponse answer = await Calls.ListPodSandboxAsync(
                request, deadline: DateTime.UtcNow + timeout, cancellationToken: cancellationToken).ConfigureAwait(false);
            return answer.Items;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            string why = error.StatusCode == StatusCode.DeadlineExceeded ? $"no answer within {timeout.TotalSeconds} s" : $"{error.Status.Detail} ({error.StatusCode})";
            throw new CriException($"list pod sandboxes of the container runtime at {SocketPath}: {why} (does it run, and speak CRI version 1?)", error);
        }
    }

    public void Dispose() => _channel.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
