using System.Net;
using Weft.Linux.Packets;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests.Packets;

public sealed class Icmpv6SocketTests
{
    private const int EchoRequest = 128;
    private const int EchoReply = 129;

    [KernelFact]
    public async Task An_echo_over_the_loopback_device_comes_back_with_its_hop_limit()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using TestNamespace here = TestNamespace.Create();
        here.Exec("ip", "link", "set", "lo", "up");
        using Icmpv6Socket socket = here.Run(Icmpv6Socket.Open);
        byte[] request = [EchoRequest, 0, 0, 0, 0x12, 0x34, 0, 1, 7];
        byte[] buffer = new byte[64];

        await socket.SendAsync(request, IPAddress.IPv6Loopback, stop);
        IPv6Datagram datagram = await socket.ReceiveAsync(buffer, stop);
        while (buffer[0] != EchoReply)
        {
            datagram = await socket.ReceiveAsync(buffer, stop);
        }

        Assert.Equal((request.Length, 64), (datagram.Length, datagram.HopLimit));
        Assert.Equal(IPAddress.IPv6Loopback, datagram.Source);
        Assert.Equal(request[4..], buffer[4..request.Length]);
    }
}
