using System.Net;
using System.Net.Sockets;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

public sealed class DatagramTests(SocketFixture fixture) : SocketTest(fixture)
{
    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_answer_seems_to_come_from_the_service(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Udp, front, [Backend.Two]);
        Socket socket = Open(Pod, ProtocolType.Udp, family);

        Assert.Equal((2, front), Ask(socket, front));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_connected_socket_hears_and_names_the_service(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Udp, front, [Backend.Three]);
        Socket socket = Open(Pod, ProtocolType.Udp, family);

        socket.Connect(As(front, socket));
        socket.Send([0]);

        Assert.Equal((3, front), Hear(socket));
        Assert.Equal(front, Plain(socket.RemoteEndPoint));
    }

    [KernelFact]
    public void A_socket_keeps_its_backend_and_others_get_each()
    {
        Services.Put(ProtocolType.Udp, ClusterIp, Backend.All);
        HashSet<int> reached = [];
        for (int i = 0; i < 40; i++)
        {
            Socket socket = Open(Pod, ProtocolType.Udp);
            int first = Ask(socket, ClusterIp).Backend;
            Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(first, Ask(socket, ClusterIp).Backend));
            reached.Add(first);
        }

        Assert.Equal([1, 2, 3], reached.Order());
    }

    [KernelFact]
    public void A_socket_that_calls_two_services_knows_their_answers_apart()
    {
        IPEndPoint other = new(ClusterIp.Address, 81);
        Services.Put(ProtocolType.Udp, ClusterIp, [Backend.One]);
        Services.Put(ProtocolType.Udp, other, [Backend.Two]);
        Socket socket = Open(Pod, ProtocolType.Udp);

        Assert.Equal((1, ClusterIp), Ask(socket, ClusterIp));
        Assert.Equal((2, other), Ask(socket, other));
        Assert.Equal((1, ClusterIp), Ask(socket, ClusterIp));
        Assert.Equal((3, Backend.Three.EndPoint(AddressFamily.InterNetwork)), Ask(socket, Backend.Three.EndPoint(AddressFamily.InterNetwork)));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_service_without_a_backend_refuses_at_once(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Udp, front, []);
        Socket socket = Open(Pod, ProtocolType.Udp, family);

        Assert.Equal(Refused, Assert.Throws<SocketException>(() => socket.SendTo([0], As(front, socket))).SocketErrorCode);
        Assert.Equal(Refused, Assert.Throws<SocketException>(() => socket.Connect(As(front, socket))).SocketErrorCode);
    }

    [KernelFact]
    public void A_socket_whose_backend_is_gone_gets_another_and_still_knows_late_answers_of_the_first()
    {
        Services.Put(ProtocolType.Udp, ClusterIp, [Backend.One]);
        Socket socket = Open(Pod, ProtocolType.Udp);
        Assert.Equal((1, ClusterIp), Ask(socket, ClusterIp));
        socket.SendTo([0], ClusterIp);

        Services.Put(ProtocolType.Udp, ClusterIp, [Backend.Two]);
        Services.Forget(Backend.One, ProtocolType.Udp, AddressFamily.InterNetwork);
        socket.SendTo([0], ClusterIp);

        Assert.Equal([(1, ClusterIp), (2, ClusterIp)], new[] { Hear(socket), Hear(socket) }.Order(ByBackend));
    }

    [KernelFact]
    public void A_backend_that_left_the_list_but_lives_keeps_its_sockets()
    {
        Services.Put(ProtocolType.Udp, ClusterIp, [Backend.One]);
        Socket socket = Open(Pod, ProtocolType.Udp);
        Ask(socket, ClusterIp);

        Services.Put(ProtocolType.Udp, ClusterIp, [Backend.Two]);

        Assert.Equal(1, Ask(socket, ClusterIp).Backend);
        Assert.Equal(2, Ask(Open(Pod, ProtocolType.Udp), ClusterIp).Backend);
    }

    private static Comparer<(int Backend, IPEndPoint From)> ByBackend { get; } =
        Comparer<(int Backend, IPEndPoint From)>.Create(static (one, other) => one.Backend.CompareTo(other.Backend));
}
