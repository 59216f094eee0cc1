using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Control.Services;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Services;

/// <summary>Sockets of a pod on its own loopback; which of them a service translated is what the test writes into the map.</summary>
public sealed class BackendSocketCloserTests : IDisposable
{
    private const ushort Port = 4712;

    private readonly TestNamespace _pod = TestNamespace.Create("pod");
    private readonly BpfMap<SockNatKey, SockNatValue> _translated = BpfMap.Create<SockNatKey, SockNatValue>(
        "weft_sock_nat", BpfMapType.LruHash, 128);
    private readonly List<Socket> _opened = [];

    public BackendSocketCloserTests() => Tool.Run("ip", "-n", _pod.Name, "link", "set", "lo", "up");

    public void Dispose()
    {
        _opened.ForEach(static socket => socket.Dispose());
        _translated.Dispose();
        _pod.Dispose();
    }

    public static TheoryData<ProtocolType, string> Backends => new()
    {
        { ProtocolType.Tcp, "127.0.0.7" },
        { ProtocolType.Udp, "127.0.0.7" },
        { ProtocolType.Tcp, "::1" },
        { ProtocolType.Udp, "::1" },
    };

    [KernelTheory]
    [MemberData(nameof(Backends))]
    public void A_translated_socket_is_ended_and_a_direct_one_lives(ProtocolType protocol, string address)
    {
        IPEndPoint backend = Serve(protocol, address);
        Socket translated = Connect(protocol, backend);
        Socket direct = Connect(protocol, backend);
        Translate(translated, backend);

        int ended = Closer().Close([Gone(protocol, backend)]);

        Assert.Equal(1, ended);
        Assert.Equal(
            SocketError.ConnectionAborted, Assert.Throws<SocketException>(() => translated.Receive(new byte[1])).SocketErrorCode);
        Assert.Equal(1, direct.Send(new byte[1]));
    }

    [KernelFact]
    public void A_socket_to_another_backend_of_the_same_port_lives()
    {
        IPEndPoint gone = Serve(ProtocolType.Tcp, "127.0.0.7");
        IPEndPoint stays = Serve(ProtocolType.Tcp, "127.0.0.8");
        Socket translated = Connect(ProtocolType.Tcp, stays);
        Translate(translated, stays);

        Assert.Equal(0, Closer().Close([Gone(ProtocolType.Tcp, gone)]));
        Assert.Equal(1, translated.Send(new byte[1]));
    }

    [KernelFact]
    public void A_backend_of_udp_that_went_leaves_tcp_to_the_same_address_alone()
    {
        IPEndPoint backend = Serve(ProtocolType.Tcp, "127.0.0.7");
        Serve(ProtocolType.Udp, "127.0.0.7");
        Socket tcp = Connect(ProtocolType.Tcp, backend);
        Translate(tcp, backend);

        Assert.Equal(0, Closer().Close([Gone(ProtocolType.Udp, backend)]));
        Assert.Equal(1, tcp.Send(new byte[1]));
    }

    [KernelFact]
    public void A_pod_that_is_gone_does_not_keep_the_others_from_it()
    {
        IPEndPoint backend = Serve(ProtocolType.Tcp, "127.0.0.7");
        Socket translated = Connect(ProtocolType.Tcp, backend);
        Translate(translated, backend);

        Assert.Equal(1, Closer("/run/netns/weft-test-no-such-pod").Close([Gone(ProtocolType.Tcp, backend)]));
    }

    private BackendSocketCloser Closer(params string[] others) =>
        new(_translated, () => [.. others, _pod.Path, _pod.Path], NullLoggerFactory.Instance);

    private static BackendValue Gone(ProtocolType protocol, IPEndPoint backend) =>
        new() { Addr = WeftAddress.From(backend.Address), Port = (ushort)backend.Port, Proto = (byte)protocol };

    private void Translate(Socket socket, IPEndPoint backend)
    {
        const int SOL_SOCKET = 1;
        const int SO_COOKIE = 57;
        byte[] cookie = new byte[sizeof(ulong)];
        socket.GetRawSocketOption(SOL_SOCKET, SO_COOKIE, cookie);
        _translated.Update(
            new SockNatKey
            {
                Cookie = MemoryMarshal.Read<ulong>(cookie),
                Addr = WeftAddress.From(backend.Address),
                Port = (ushort)backend.Port,
            },
            new SockNatValue { FrontAddr = WeftAddress.Parse("10.96.0.10"), FrontPort = 80, ServiceId = 1 });
    }

    private IPEndPoint Serve(ProtocolType protocol, string address)
    {
        IPEndPoint at = new(IPAddress.Parse(address), Port);
        Socket server = Open(protocol, at.AddressFamily);
        server.Bind(at);
        if (protocol == ProtocolType.Tcp)
        {
            server.Listen();
        }

        return at;
    }

    private Socket Connect(ProtocolType protocol, IPEndPoint backend)
    {
        Socket client = Open(protocol, backend.AddressFamily);
        client.Connect(backend);
        return client;
    }

    private Socket Open(ProtocolType protocol, AddressFamily family)
    {
        Socket socket = _pod.Run(() => new Socket(family, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol)
        {
            ReceiveTimeout = 10_000,
        });
        _opened.Add(socket);
        return socket;
    }
}
