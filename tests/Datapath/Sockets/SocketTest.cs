using System.Net;
using System.Net.Sockets;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

/// <summary>A test of translation at real sockets; no service is known when it begins.</summary>
[Collection<SocketCollection>]
public abstract class SocketTest : IDisposable
{
    private readonly SocketFixture _fixture;
    private readonly List<Socket> _opened = [];

    private protected SocketTest(SocketFixture fixture)
    {
        _fixture = fixture;
        if (ProcessPrivileges.IsRoot)
        {
            Services.Reset();
        }
    }

    private protected static IPEndPoint ClusterIp { get; } = new(IPAddress.Parse("10.96.0.10"), 80);

    private protected static IPEndPoint ClusterIp6 { get; } = new(IPAddress.Parse("fd00:96::10"), 80);

    /// <summary>Frontend, and the family of the socket that calls it.</summary>
    public static TheoryData<string, AddressFamily> Families => new()
    {
        { ClusterIp.ToString(), AddressFamily.InterNetwork },
        { ClusterIp6.ToString(), AddressFamily.InterNetworkV6 },
        { ClusterIp.ToString(), AddressFamily.InterNetworkV6 },
    };

    /// <summary>The error of a service without backends.</summary>
    private protected static SocketError Refused => SocketNode.SaysWhy ? SocketError.ConnectionRefused : SocketError.AccessDenied;

    private protected SocketNode Node => _fixture.Node;

    private protected ServiceMaps Services => Node.Services;

    private protected TestNamespace Pod => Node.Pod;

    public void Dispose()
    {
        _opened.ForEach(static socket => socket.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>A socket that the programs see.</summary>
    private protected Socket Open(TestNamespace network, ProtocolType protocol, AddressFamily family = AddressFamily.InterNetwork)
    {
        Socket socket = Node.RunTranslated(network, () => New(protocol, family));
        _opened.Add(socket);
        return socket;
    }

    /// <summary>One that they do not see.</summary>
    private protected Socket OpenOutside(TestNamespace network, ProtocolType protocol)
    {
        Socket socket = network.Run(() => New(protocol, AddressFamily.InterNetwork));
        _opened.Add(socket);
        return socket;
    }

    /// <summary>Connects by TCP and returns which backend greets.</summary>
    private protected int Call(TestNamespace network, IPEndPoint front, AddressFamily? family = null)
    {
        using Socket socket = Open(network, ProtocolType.Tcp, family ?? front.AddressFamily);
        socket.Connect(As(front, socket));
        return Greeting(socket);
    }

    private protected static int Greeting(Socket socket)
    {
        byte[] greeting = new byte[1];
        Assert.Equal(1, socket.Receive(greeting));
        return greeting[0];
    }

    /// <summary>Sends a datagram and returns which backend answers, and who the answer claims to be from.</summary>
    private protected static (int Backend, IPEndPoint From) Ask(Socket socket, IPEndPoint front)
    {
        socket.SendTo([0], As(front, socket));
        return Hear(socket);
    }

    private protected static (int Backend, IPEndPoint From) Hear(Socket socket)
    {
        byte[] answer = new byte[1];
        EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        Assert.Equal(1, socket.ReceiveFrom(answer, ref from));
        return (answer[0], Plain(from));
    }

    private protected static IPEndPoint Plain(EndPoint? endPoint)
    {
        IPEndPoint given = Assert.IsType<IPEndPoint>(endPoint);
        return given.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(given.Address.MapToIPv4(), given.Port) : given;
    }

    /// <summary>An IPv6 socket calls IPv4 by v4-mapped addresses.</summary>
    private protected static IPEndPoint As(IPEndPoint front, Socket socket) =>
        front.AddressFamily == socket.AddressFamily ? front : new IPEndPoint(front.Address.MapToIPv6(), front.Port);

    private protected static Socket New(ProtocolType protocol, AddressFamily family)
    {
        Socket socket = new(family, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol)
        {
            ReceiveTimeout = 10_000,
            SendTimeout = 10_000,
        };
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        return socket;
    }
}
