using System.Net;
using System.Net.Sockets;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

public sealed class NodePortTests(SocketFixture fixture) : SocketTest(fixture)
{
    private const int Port = 30080;

    private static SocketError InUse => SocketNode.SaysWhy ? SocketError.AddressAlreadyInUse : SocketError.AccessDenied;

    [KernelTheory]
    [InlineData("127.0.0.1", AddressFamily.InterNetwork)]
    [InlineData("127.1.2.3", AddressFamily.InterNetworkV6)]
    [InlineData("0.0.0.0", AddressFamily.InterNetwork)]
    [InlineData("::1", AddressFamily.InterNetworkV6)]
    [InlineData(SocketNode.Address, AddressFamily.InterNetwork)]
    [InlineData(SocketNode.Address6, AddressFamily.InterNetworkV6)]
    [InlineData(SocketNode.OtherNode, AddressFamily.InterNetworkV6)]
    public void The_node_calls_it_on_every_address_of_a_node(string address, AddressFamily family)
    {
        PutNodePort(ProtocolType.Tcp, Port);
        IPEndPoint front = new(IPAddress.Parse(address), Port);
        Socket socket = Open(Node.Node, ProtocolType.Tcp, family);

        socket.Connect(As(front, socket));

        Assert.Equal(1, Greeting(socket));
        Assert.Equal(front, Plain(socket.RemoteEndPoint));
    }

    [KernelTheory]
    [InlineData(SocketNode.Address)]
    [InlineData(SocketNode.OtherNode)]
    [InlineData(SocketNode.Address6)]
    public void A_pod_calls_it_on_addresses_of_nodes(string address)
    {
        PutNodePort(ProtocolType.Tcp, Port);
        PutNodePort(ProtocolType.Udp, Port);
        IPEndPoint front = new(IPAddress.Parse(address), Port);

        Assert.Equal(1, Call(Pod, front));
        Assert.Equal((1, front), Ask(Open(Pod, ProtocolType.Udp, front.AddressFamily), front));
    }

    [KernelTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public void A_pods_loopback_is_its_own(string address)
    {
        PutNodePort(ProtocolType.Tcp, Port);
        IPEndPoint front = new(IPAddress.Parse(address), Port);
        Socket listener = Open(Pod, ProtocolType.Tcp, front.AddressFamily);
        listener.Bind(front);
        listener.Listen();
        Socket client = Open(Pod, ProtocolType.Tcp, front.AddressFamily);

        client.Connect(front);

        using Socket accepted = listener.Accept();
        Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
    }

    [KernelTheory]
    [InlineData(SocketNode.Address, SocketNode.NodePortMin - 1)]
    [InlineData(SocketNode.Address, SocketNode.NodePortMax + 1)]
    [InlineData(SocketNode.PodAddress, Port)]
    [InlineData("192.168.2.99", Port)]
    public void It_is_none_outside_its_range_or_on_other_addresses(string address, int port)
    {
        PutNodePort(ProtocolType.Udp, port);
        Socket socket = Open(Node.Node, ProtocolType.Udp);

        socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));

        Assert.Empty(Services.SockNat.Keys());
    }

    [KernelTheory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData(SocketNode.Address)]
    [InlineData("::")]
    [InlineData("::1")]
    public void A_process_of_the_node_cannot_bind_it(string address)
    {
        PutNodePort(ProtocolType.Tcp, Port);
        IPEndPoint local = new(IPAddress.Parse(address), Port);

        Assert.Equal(
            InUse,
            Assert.Throws<SocketException>(() => Open(Node.Node, ProtocolType.Tcp, local.AddressFamily).Bind(local)).SocketErrorCode);
        Open(Node.Node, ProtocolType.Udp, local.AddressFamily).Bind(local);
        Open(Node.Node, ProtocolType.Tcp, local.AddressFamily).Bind(new IPEndPoint(local.Address, Port + 1));
    }

    [KernelFact]
    public void An_ipv6_socket_on_any_address_cannot_take_the_port_of_ipv4()
    {
        Services.Put(ProtocolType.Tcp, new IPEndPoint(IPAddress.Any, Port), [Backend.One]);

        Assert.Throws<SocketException>(
            () => Open(Node.Node, ProtocolType.Tcp, AddressFamily.InterNetworkV6).Bind(new IPEndPoint(IPAddress.IPv6Any, Port)));
        Open(Node.Node, ProtocolType.Tcp, AddressFamily.InterNetworkV6).Bind(new IPEndPoint(IPAddress.IPv6Loopback, Port));
    }

    private void PutNodePort(ProtocolType protocol, int port)
    {
        Services.Put(protocol, new IPEndPoint(IPAddress.Any, port), [Backend.One]);
        Services.Put(protocol, new IPEndPoint(IPAddress.IPv6Any, port), [Backend.One]);
    }
}
