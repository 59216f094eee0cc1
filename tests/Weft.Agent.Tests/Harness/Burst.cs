using System.Net;
using System.Net.Sockets;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests.Harness;

/// <summary>Sends UDP packets from a pod as fast as its socket takes them.</summary>
internal static class Burst
{
    public static void Send(TestNamespace pod, string address, int packets) => pod.Run(() =>
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        IPEndPoint target = new(IPAddress.Parse(address), 9);
        for (int i = 0; i < packets; i++)
        {
            socket.SendTo([1, 2, 3, 4], target);
        }
    });
}
