using System.Net.Sockets;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

/// <summary>Greets each connection and answers each datagram with the backend's number, on both families, until it is disposed.</summary>
internal sealed class BackendServer : IDisposable
{
    private readonly byte[] _greeting;
    private readonly List<Socket> _sockets = [];

    public BackendServer(Backend backend, TestNamespace network)
    {
        _greeting = [backend.Number];
        foreach (AddressFamily family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            Socket listener = network.Run(() => new Socket(family, SocketType.Stream, ProtocolType.Tcp));
            listener.Bind(backend.EndPoint(family));
            listener.Listen(512);
            Socket datagrams = network.Run(() => new Socket(family, SocketType.Dgram, ProtocolType.Udp));
            datagrams.Bind(backend.EndPoint(family));
            _sockets.AddRange([listener, datagrams]);
            _ = UntilDisposedAsync(() => GreetAsync(listener));
            _ = UntilDisposedAsync(() => AnswerAsync(datagrams));
        }
    }

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    private async Task GreetAsync(Socket listener)
    {
        using Socket client = await listener.AcceptAsync();
        await client.SendAsync(_greeting);
    }

    private async Task AnswerAsync(Socket datagrams)
    {
        SocketReceiveFromResult received = await datagrams.ReceiveFromAsync(new byte[64], datagrams.LocalEndPoint!);
        await datagrams.SendToAsync(_greeting, received.RemoteEndPoint);
    }

    private static async Task UntilDisposedAsync(Func<Task> serve)
    {
        while (true)
        {
            try
            {
                await serve();
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // A client that did not wait for its greeting.
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
