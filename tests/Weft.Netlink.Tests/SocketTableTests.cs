using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Netlink.Sockets;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public sealed class SocketTableTests : IDisposable
{
    private static readonly IPEndPoint s_server = new(IPAddress.Parse("127.0.0.7"), 4711);
    private static readonly IPEndPoint s_server6 = new(IPAddress.IPv6Loopback, 4711);

    private readonly TestNamespace _namespace = TestNamespace.Create("diag");
    private readonly SocketTable _sockets;
    private readonly List<Socket> _opened = [];

    public SocketTableTests()
    {
        Tool.Run("ip", "-n", _namespace.Name, "link", "set", "lo", "up");
        _sockets = SocketTable.Open(_namespace.Handle);
    }

    public void Dispose()
    {
        _opened.ForEach(static socket => socket.Dispose());
        _sockets.Dispose();
        _namespace.Dispose();
    }

    public static TheoryData<ProtocolType, string, string> Kinds => new()
    {
        { ProtocolType.Tcp, "127.0.0.7", "InterNetwork" },
        { ProtocolType.Tcp, "127.0.0.7", "InterNetworkV6" },
        { ProtocolType.Tcp, "::1", "InterNetworkV6" },
        { ProtocolType.Udp, "127.0.0.7", "InterNetwork" },
        { ProtocolType.Udp, "127.0.0.7", "InterNetworkV6" },
        { ProtocolType.Udp, "::1", "InterNetworkV6" },
    };

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_connected_socket_is_listed_and_ended(ProtocolType protocol, string address, string family)
    {
        IPEndPoint server = new(IPAddress.Parse(address), 4711);
        Serve(protocol, server);
        using Socket client = Connect(protocol, Enum.Parse<AddressFamily>(family), server);
        IPEndPoint local = Unmapped(client.LocalEndPoint!);

        ConnectedSocket found = Assert.Single(_sockets.ListByRemotePort(protocol, 4711), socket => socket.Local.Equals(local));

        Assert.Equal((server, CookieOf(client)), (found.Remote, found.Cookie));
        Assert.True(_sockets.Destroy(found));
        SocketException failure = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionAborted, failure.SocketErrorCode);
        Assert.False(_sockets.Destroy(found));
        Assert.DoesNotContain(_sockets.ListByRemotePort(protocol, 4711), socket => socket.Local.Equals(local));
    }

    [KernelFact]
    public void Listeners_other_ports_and_other_namespaces_are_not_listed()
    {
        using TestNamespace other = TestNamespace.Create("other");
        using SocketTable there = SocketTable.Open(other.Handle);
        Serve(ProtocolType.Tcp, s_server);
        using Socket client = Connect(ProtocolType.Tcp, AddressFamily.InterNetwork, s_server);

        Assert.Single(_sockets.ListByRemotePort(ProtocolType.Tcp, 4711));
        Assert.Empty(_sockets.ListByRemotePort(ProtocolType.Tcp, 4712));
        Assert.Empty(_sockets.ListByRemotePort(ProtocolType.Udp, 4711));
        Assert.Empty(there.ListByRemotePort(ProtocolType.Tcp, 4711));
    }

    [KernelFact]
    public void The_other_end_gets_a_reset()
    {
        Socket listener = Serve(ProtocolType.Tcp, s_server6);
        using Socket client = Connect(ProtocolType.Tcp, AddressFamily.InterNetworkV6, s_server6);
        using Socket accepted = listener.Accept();

        Assert.True(_sockets.Destroy(Assert.Single(_sockets.ListByRemotePort(ProtocolType.Tcp, 4711))));

        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => accepted.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public void Damaged_answers_do_no_harm()
    {
        NetlinkWriter writer = new(new byte[128], SockDiagH.SOCK_DIAG_BY_FAMILY, 0);
        writer.PutFixed(new InetDiagMessage { Family = SocketH.AF_INET6 });
        byte[] valid = writer.Finish().ToArray();
        Parse(valid);

        Fuzz.EveryTruncation(valid, Parse);
        Fuzz.Mutations(valid, Parse, count: 20_000);
    }

    private static void Parse(byte[] bytes)
    {
        NetlinkMessages messages = new(bytes);
        while (messages.TryRead(out NetlinkMessage message))
        {
            _ = ConnectedSocketParser.TryParse(message, ProtocolType.Tcp, out _);
        }
    }

    private Socket Serve(ProtocolType protocol, IPEndPoint at)
    {
        Socket server = Open(protocol, at.AddressFamily);
        server.Bind(at);
        if (protocol == ProtocolType.Tcp)
        {
            server.Listen();
        }

        return server;
    }

    private Socket Connect(ProtocolType protocol, AddressFamily family, IPEndPoint server)
    {
        Socket client = Open(protocol, family);
        client.Connect(family == server.AddressFamily ? server : new IPEndPoint(server.Address.MapToIPv6(), server.Port));
        return client;
    }

    private Socket Open(ProtocolType protocol, AddressFamily family) => _namespace.Run(() =>
    {
        Socket socket = new(family, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol) { ReceiveTimeout = 10_000 };
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        _opened.Add(socket);
        return socket;
    });

    private static IPEndPoint Unmapped(EndPoint endPoint)
    {
        IPEndPoint local = (IPEndPoint)endPoint;
        return local.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(local.Address.MapToIPv4(), local.Port) : local;
    }

    private static ulong CookieOf(Socket socket)
    {
        const int SOL_SOCKET = 1;
        const int SO_COOKIE = 57;
        byte[] cookie = new byte[sizeof(ulong)];
        socket.GetRawSocketOption(SOL_SOCKET, SO_COOKIE, cookie);
        return MemoryMarshal.Read<ulong>(cookie);
    }
}
