using System.Net;
using System.Net.Sockets;
using Weft.Control.Services;
using Weft.Model.Services;

namespace Weft.Control.Tests.Services;

/// <summary>On the sockets of this process: the file's format is the kernel's.</summary>
public sealed class BoundPortsTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Ports_that_wait_for_others_are_found(AddressFamily family)
    {
        IPAddress any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        using Socket tcp = new(family, SocketType.Stream, ProtocolType.Tcp);
        using Socket udp = new(family, SocketType.Dgram, ProtocolType.Udp);
        tcp.Bind(new IPEndPoint(any, 0));
        udp.Bind(new IPEndPoint(any, 0));
        ushort tcpPort = (ushort)((IPEndPoint)tcp.LocalEndPoint!).Port;
        Assert.False(BoundPorts.Read().Contains(TransportProtocol.Tcp, tcpPort));
        tcp.Listen();

        BoundPorts ports = BoundPorts.Read();

        Assert.True(ports.Contains(TransportProtocol.Tcp, tcpPort));
        Assert.True(ports.Contains(TransportProtocol.Udp, (ushort)((IPEndPoint)udp.LocalEndPoint!).Port));
    }

    [Fact]
    public void A_connection_has_no_port_that_others_could_want()
    {
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Connect(new IPEndPoint(IPAddress.Loopback, 9));

        Assert.False(BoundPorts.Read().Contains(TransportProtocol.Udp, (ushort)((IPEndPoint)udp.LocalEndPoint!).Port));
    }
}
