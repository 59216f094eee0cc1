using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

public sealed class ConnectTests(SocketFixture fixture) : SocketTest(fixture)
{
    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Connections_to_a_service_reach_each_of_its_backends(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Tcp, front, Backend.All);
        HashSet<int> reached = [];

        // 60 random picks miss one of three once in 10^10.
        for (int i = 0; i < 60; i++)
        {
            reached.Add(Call(Pod, front, family));
        }

        Assert.Equal([1, 2, 3], reached.Order());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_peer_of_a_connection_is_the_service(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Tcp, front, [Backend.Two]);
        Socket socket = Open(Pod, ProtocolType.Tcp, family);

        socket.Connect(As(front, socket));

        Assert.Equal(front, Plain(socket.RemoteEndPoint));
        Assert.Equal(2, Greeting(socket));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_service_without_a_backend_refuses_at_once(string frontend, AddressFamily family)
    {
        IPEndPoint front = IPEndPoint.Parse(frontend);
        Services.Put(ProtocolType.Tcp, front, []);
        Socket socket = Open(Pod, ProtocolType.Tcp, family);

        Assert.Equal(Refused, Assert.Throws<SocketException>(() => socket.Connect(As(front, socket))).SocketErrorCode);
    }

    [KernelFact]
    public void The_node_calls_services_as_pods_do()
    {
        Services.Put(ProtocolType.Tcp, ClusterIp, [Backend.Three]);

        Assert.Equal(3, Call(Node.Node, ClusterIp));
    }

    [KernelFact]
    public void What_is_no_service_is_left_alone()
    {
        Services.Put(ProtocolType.Tcp, ClusterIp, [Backend.One]);
        Services.Put(ProtocolType.Udp, new IPEndPoint(Backend.Two.Address, Backend.Port), [Backend.One]);
        Socket socket = Open(Pod, ProtocolType.Tcp);

        socket.Connect(Backend.Two.EndPoint(AddressFamily.InterNetwork));

        Assert.Equal(2, Greeting(socket));
        Assert.Equal(Backend.Two.EndPoint(AddressFamily.InterNetwork), socket.RemoteEndPoint);
        Assert.Empty(Services.SockNat.Keys());
    }

    [KernelFact]
    public void A_socket_of_another_cgroup_is_left_alone()
    {
        Services.Put(ProtocolType.Tcp, Backend.Two.EndPoint(AddressFamily.InterNetwork), [Backend.One]);
        Socket socket = OpenOutside(Pod, ProtocolType.Tcp);

        socket.Connect(Backend.Two.EndPoint(AddressFamily.InterNetwork));

        Assert.Equal(2, Greeting(socket));
    }

    [KernelFact]
    public void A_pod_that_is_its_own_backend_connects_to_itself()
    {
        const uint OwnId = 99;
        IPEndPoint self = new(IPAddress.Parse(SocketNode.PodAddress), 7000);
        Services.PutBackend(OwnId, new BackendValue { Addr = WeftAddress.From(self.Address), Port = 7000, Proto = (byte)ProtocolType.Tcp });
        Services.PutIds(ProtocolType.Tcp, ClusterIp, [OwnId]);
        Socket listener = Open(Pod, ProtocolType.Tcp);
        listener.Bind(self);
        listener.Listen();
        Socket client = Open(Pod, ProtocolType.Tcp);

        client.Connect(ClusterIp);

        using Socket accepted = listener.Accept();
        Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
        Assert.Equal(ClusterIp, client.RemoteEndPoint);
    }

    [KernelFact]
    public void A_translated_connection_is_remembered_once_with_its_service()
    {
        uint id = Services.Put(ProtocolType.Tcp, ClusterIp, [Backend.One]);

        Socket socket = Open(Pod, ProtocolType.Tcp);

        socket.Connect(ClusterIp);

        (SockNatKey key, SockNatValue value) = Assert.Single(Services.SockNat.Entries());
        Assert.Equal(
            (CookieOf(socket), WeftAddress.From(Backend.One.Address), (ushort)Backend.Port), (key.Cookie, key.Addr, (ushort)key.Port));
        Assert.Equal((WeftAddress.From(ClusterIp.Address), (ushort)80, id), (value.FrontAddr, (ushort)value.FrontPort, value.ServiceId));
    }

    /// <summary>By which user space finds the socket again.</summary>
    private static ulong CookieOf(Socket socket)
    {
        const int SOL_SOCKET = 1;
        const int SO_COOKIE = 57;
        byte[] cookie = new byte[sizeof(ulong)];
        socket.GetRawSocketOption(SOL_SOCKET, SO_COOKIE, cookie);
        return MemoryMarshal.Read<ulong>(cookie);
    }

    [KernelFact]
    [Trait(Emulation.Name, Emulation.TooSlow)]
    public async Task Lists_that_change_all_the_time_lose_no_connection()
    {
        Services.Put(ProtocolType.Tcp, ClusterIp, Backend.All);
        using CancellationTokenSource done = new();
        Task<int> swaps = Task.Run(() =>
        {
            int count = 0;
            for (; !done.IsCancellationRequested; count++)
            {
                Services.Put(ProtocolType.Tcp, ClusterIp, count % 2 == 0 ? [Backend.One] : Backend.All);
            }

            return count;
        });

        int connected = Node.RunTranslated(Pod, () =>
        {
            int count = 0;
            for (int i = 0; i < 1000; i++)
            {
                using Socket socket = New(ProtocolType.Tcp, AddressFamily.InterNetwork);
                socket.Connect(ClusterIp);
                count += Greeting(socket) is >= 1 and <= 3 ? 1 : 0;
            }

            return count;
        });

        await done.CancelAsync();
        Assert.Equal(1000, connected);
        Assert.InRange(await swaps, 1000, int.MaxValue);
    }
}
