using System.Net.Sockets;
using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>Two nodes with a cable between them, a pod on each: Web on East, Db on West.</summary>
public sealed class WireFixture : IDisposable
{
    private readonly Lazy<(WireNode East, WireNode West)> _nodes = new(Start);

    internal WireNode East => _nodes.Value.East;

    internal WireNode West => _nodes.Value.West;

    /// <summary>A socket of Web; it stays Web's on any thread.</summary>
    internal Socket SocketOfWeb(SocketType type) => East.PodNamespace.Run(() => New(type));

    internal Socket SocketOfDb(SocketType type) => West.PodNamespace.Run(() => New(type));

    public void Dispose()
    {
        if (_nodes.IsValueCreated)
        {
            East.Dispose();
            West.Dispose();
        }
    }

    private static Socket New(SocketType type) =>
        new(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp)
        {
            ReceiveTimeout = 10_000,
            SendTimeout = 10_000,
        };

    private static (WireNode East, WireNode West) Start()
    {
        WireNode east = new("east", Node.East, Pod.Web);
        WireNode west = new("west", Node.West, Pod.Db);
        try
        {
            Tool.Run("ip", "-n", east.Name, "link", "add", "ens3", "type", "veth", "peer", "name", "ens3", "netns", west.Name);
            east.Start(west);
            west.Start(east);
            return (east, west);
        }
        catch
        {
            east.Dispose();
            west.Dispose();
            throw;
        }
    }
}
