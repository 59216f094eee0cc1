using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Lab.Programs;

namespace EndToEnd.Harness;

/// <summary>
/// Answers on TCP and UDP: first one line with its name and the client's address and port as it sees them, then what it was sent. Over
/// UDP each answer begins with that line.
/// </summary>
internal sealed class EchoServer : IDisposable
{
    private const int Chunk = 65536;

    private readonly List<Socket> _listeners = [];
    private readonly HashSet<Socket> _connections = [];
    private readonly string _name;

    /// <param name="addresses">
    /// To be reached at. A datagram's answer comes from there: hosts with several addresses have to name them. None: any.
    /// </param>
    public EchoServer(LabMember member, int port, params string[] addresses)
        : this(member, member.Name, port, addresses)
    {
    }

    public EchoServer(LabMember member, string name, int port, params string[] addresses)
    {
        _name = name;
        IPAddress[] all = addresses is [] ? [IPAddress.Any, IPAddress.IPv6Any] : [.. addresses.Select(IPAddress.Parse)];
        foreach (IPEndPoint endPoint in all.Select(address => new IPEndPoint(address, port)))
        {
            Socket listener = Open(member, endPoint, SocketType.Stream, ProtocolType.Tcp);
            listener.Listen();
            _ = AcceptAsync(listener);
            _ = AnswerAsync(Open(member, endPoint, SocketType.Dgram, ProtocolType.Udp));
        }
    }

    /// <summary>Ends as a program that is killed does.</summary>
    public void Dispose()
    {
        _listeners.ForEach(listener => listener.Dispose());
        lock (_connections)
        {
            foreach (Socket connection in _connections)
            {
                connection.Dispose();
            }
        }
    }

    private Socket Open(LabMember member, IPEndPoint endPoint, SocketType type, ProtocolType protocol)
    {
        Socket socket = member.Run(() => new Socket(endPoint.AddressFamily, type, protocol));
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        socket.Bind(endPoint);
        _listeners.Add(socket);
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket connection = await listener.AcceptAsync();
                lock (_connections)
                {
                    _connections.Add(connection);
                }

                _ = EchoAsync(connection);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // the listener was closed
        }
    }

    private async Task EchoAsync(Socket connection)
    {
        byte[] buffer = new byte[Chunk];
        try
        {
            await connection.SendAsync(Greeting((IPEndPoint)connection.RemoteEndPoint!));
            int received;
            while ((received = await connection.ReceiveAsync(buffer)) > 0)
            {
                await connection.SendAsync(buffer.AsMemory(0, received));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // the client, or this server, is gone
        }

        lock (_connections)
        {
            _connections.Remove(connection);
        }

        connection.Dispose();
    }

    private async Task AnswerAsync(Socket server)
    {
        byte[] buffer = new byte[Chunk];
        IPEndPoint anybody = new(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                SocketReceiveFromResult request = await server.ReceiveFromAsync(buffer, anybody);
                byte[] answer = [.. Greeting((IPEndPoint)request.RemoteEndPoint), .. buffer[..request.ReceivedBytes]];
                await server.SendToAsync(answer, request.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // closed
        }
    }

    private byte[] Greeting(IPEndPoint client) => Encoding.ASCII.GetBytes($"{_name} {client.Address} {client.Port}\n");
}
