using System.Net;
using System.Net.Sockets;
using Weft.Linux;

namespace Weft.Bench.Topologies;

/// <summary>Two places that can reach each other: where traffic starts and where it goes.</summary>
/// <param name="Client">Namespace that connects; owned by the topology.</param>
/// <param name="Server">Namespace that listens; owned by the topology.</param>
internal sealed record PodPair(NetworkNamespace Client, NetworkNamespace Server, IPAddress ServerAddress)
{
    /// <summary>Where the server listens; 0: the system chooses.</summary>
    public int ServerPort { get; init; }

    /// <summary>What the client calls and something on the way translates; null: the server itself.</summary>
    public IPEndPoint? Front { get; init; }

    /// <summary>A socket bound to the server's address, in its namespace.</summary>
    public Socket Bind(SocketType type, ProtocolType protocol) => Server.Run(() =>
    {
        Socket socket = new(ServerAddress.AddressFamily, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(ServerAddress, ServerPort));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    /// <summary>What the client calls to reach a socket that <see cref="Bind"/> made.</summary>
    public IPEndPoint TargetOf(Socket bound) => Front ?? (IPEndPoint)bound.LocalEndPoint!;
}
