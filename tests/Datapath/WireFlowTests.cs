using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Datapath.Harness;
using Weft.Abi;
using Weft.Linux;
using Weft.Linux.Packets;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>The flows between pods, nodes and the world on real devices. What sockets receive has right checksums, whoever was to fill them in.</summary>
[Collection<WireCollection>]
public sealed class WireFlowTests(WireFixture wire)
{
    private const ushort BackendPort = 8080;
    /// <summary>ECT(0) of RFC 3168.</summary>
    private const byte EcnCapable = 2;

    private static uint s_nextService = 100;

    /// <summary>Who speaks to whom, and which of the receiver's addresses it calls.</summary>
    public static TheoryData<Family, string, string> Ways
    {
        get
        {
            TheoryData<Family, string, string> ways = [];
            foreach (Family family in Enum.GetValues<Family>())
            {
                foreach ((string from, string to) in new[]
                {
                    ("web", "cache"), ("web", "db"), ("web", "web"),
                    ("web", "east"), ("web", "east router"), ("web", "west"), ("web", "west router"),
                    ("east", "web"), ("east", "db"), ("west", "web"),
                    ("web", "outside"), ("east", "outside"),
                })
                {
                    ways.Add(family, from, to);
                }
            }

            return ways;
        }
    }

    [KernelTheory]
    [MemberData(nameof(Ways))]
    public void A_long_tcp_transfer_arrives(Family family, string from, string to)
    {
        using Socket listener = Listen(PlaceOf(to), family, AddressOf(to, family), 0, SocketType.Stream);
        IPEndPoint peer = Transfer(PlaceOf(from), family, (IPEndPoint)listener.LocalEndPoint!, listener);
        ExpectSender(family, from, to, peer.Address);
    }

    [KernelTheory]
    [MemberData(nameof(Ways))]
    public void A_datagram_and_its_echo_arrive(Family family, string from, string to)
    {
        using Socket server = Listen(PlaceOf(to), family, AddressOf(to, family), 0, SocketType.Dgram);
        IPEndPoint peer = Echo(PlaceOf(from), family, (IPEndPoint)server.LocalEndPoint!, server);
        ExpectSender(family, from, to, peer.Address);
    }

    [KernelTheory]
    [MemberData(nameof(Ways))]
    public void A_ping_is_answered(Family family, string from, string to) =>
        PlaceOf(from).Exec("ping", "-n", "-c", "1", "-W", "5", AddressOf(to, family).ToString());

    /// <summary>Behind the router fewer bytes fit: the router's ICMP error finds the pod through the translation.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4)]
    [InlineData(Family.IPv6)]
    public void A_pod_hears_the_mtu_of_the_path_through_the_translation(Family family)
    {
        using Socket web = WireFixture.SocketIn(PlaceOf("web"), SocketType.Dgram, family);
        SetDontFragment(web, family);
        web.Connect(AddressOf("outside", family), 9);
        int tooMuch = WireFixture.WorldMtu - (family == Family.IPv4 ? 28 : 48) + 1;
        SocketException? refused = null;
        Eventually.Passes(() =>
        {
            refused = Assert.Throws<SocketException>(() => web.Send(new byte[tooMuch]));
            Assert.Equal(SocketError.MessageSize, refused.SocketErrorCode);
        });
        PlaceOf("web").Exec("ip", family == Family.IPv4 ? "-4" : "-6", "route", "flush", "cache");
    }

    /// <summary>By the address of East; the backend lives on that node or on the other one, from where the client may come too.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4, "outside", "web", "outside")]
    [InlineData(Family.IPv4, "outside", "db", "east router")]
    [InlineData(Family.IPv4, "west", "web", "west")]
    [InlineData(Family.IPv4, "west", "db", "east router")]
    [InlineData(Family.IPv6, "outside", "web", "outside")]
    [InlineData(Family.IPv6, "outside", "db", "east router")]
    [InlineData(Family.IPv6, "west", "web", "west")]
    [InlineData(Family.IPv6, "west", "db", "east router")]
    [InlineData(Family.IPv4, "outside", "east", "outside")]
    [InlineData(Family.IPv6, "outside", "east", "outside")]
    [InlineData(Family.IPv4, "outside", "west", "east router")]
    [InlineData(Family.IPv6, "outside", "west", "east router")]
    [InlineData(Family.IPv4, "outside", "web", "west router", "west")]
    [InlineData(Family.IPv6, "outside", "web", "west router", "west")]
    public void A_client_reaches_a_node_port(Family family, string client, string backend, string seenAs, string called = "east")
    {
        (ushort tcp, ushort udp) = AddNodePorts(family, backend);
        using Socket listener = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Stream);
        using Socket server = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Dgram);
        IPAddress node = AddressOf(called, family);
        Assert.Equal(AddressOf(seenAs, family), Transfer(PlaceOf(client), family, new IPEndPoint(node, tcp), listener).Address);
        Assert.Equal(AddressOf(seenAs, family), Echo(PlaceOf(client), family, new IPEndPoint(node, udp), server).Address);
    }

    /// <summary>What is cut for want of a DF bit and what has its own segments are the device's to encapsulate.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4, "db", "east", 100, false)]
    [InlineData(Family.IPv6, "db", "east", 100, false)]
    [InlineData(Family.IPv4, "db", "east", WireFixture.WorldMtu - 28, false)]
    [InlineData(Family.IPv4, "web", "west", 100, true)]
    [InlineData(Family.IPv6, "web", "west", 100, true)]
    public void Only_a_node_that_encapsulates_in_bpf_forwards_past_its_overlay_device(Family family, string backend, string called, int size, bool byDevice)
    {
        (_, ushort udp) = AddNodePorts(family, backend);
        using Socket server = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Dgram);
        long before = SentByOverlayDevice(called);
        Echo(wire.Outside, family, new IPEndPoint(AddressOf(called, family), udp), server, size);
        Assert.Equal(byDevice, SentByOverlayDevice(called) > before);
    }

    /// <summary>The kernel's device is held to the same.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4, "db", "east", "west")]
    [InlineData(Family.IPv6, "db", "east", "west")]
    [InlineData(Family.IPv4, "web", "west", "east")]
    [InlineData(Family.IPv6, "web", "west", "east")]
    public void What_a_node_forwards_has_the_headers_of_the_overlay(Family family, string backend, string called, string other)
    {
        (_, ushort udp) = AddNodePorts(family, backend);
        using Socket server = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Dgram);
        using Socket client = WireFixture.SocketIn(wire.Outside, SocketType.Dgram, family);
        SetEcnCapable(client, family);
        using PacketSocket tap = PacketSocket.Open(new IfIndex((int)NodeOf(other).IndexOf("ens3")), networkNamespace: PlaceOf(other).Handle);
        client.SendTo(new byte[101], new IPEndPoint(AddressOf(called, family), udp));
        server.Receive(new byte[200]);

        byte[] frame = FirstOverlayFrame(tap, AddressOf(called, Family.IPv4));
        Assert.True(IPv4Header.TryParse(frame.AsSpan(EthernetHeader.Size), out IPv4Header ip));
        Assert.True(ip.HasValidChecksum);
        Assert.Equal((EcnCapable, false, 64), (ip.TypeOfService, ip.DontFragment, ip.TimeToLive));
        Assert.Equal(frame.Length - EthernetHeader.Size, ip.TotalLength);
        Assert.True(UdpHeader.TryParse(ip.Payload, out UdpHeader outer));
        Assert.Equal((0, ip.Payload.Length), (outer.Checksum, outer.Length));
        Assert.InRange(outer.SourcePort, 32768, 65535);
        Assert.True(VxlanHeader.TryParse(outer.Payload, out VxlanHeader vxlan));
        Assert.Equal((uint)ReservedIdentity.World, vxlan.Vni);
        Assert.True(EthernetHeader.TryParse(vxlan.Payload, out EthernetHeader inner));
        Assert.Equal(family == Family.IPv4 ? EtherType.IPv4 : EtherType.IPv6, inner.EtherType);
        Assert.Equal(vxlan.Payload.Length, EthernetHeader.Size + (family == Family.IPv4 ? 28 : 48) + 101);
    }

    [KernelTheory]
    [InlineData(Family.IPv4, "cache", "web")]
    [InlineData(Family.IPv4, "db", "web")]
    [InlineData(Family.IPv4, "east", "web")]
    [InlineData(Family.IPv4, "outside", "east")]
    [InlineData(Family.IPv4, "web", "east router")] // itself
    [InlineData(Family.IPv6, "cache", "web")]
    [InlineData(Family.IPv6, "db", "web")]
    [InlineData(Family.IPv6, "east", "web")]
    [InlineData(Family.IPv6, "outside", "east")]
    [InlineData(Family.IPv6, "web", "east router")]
    public void A_pod_calls_a_service_by_packets(Family family, string backend, string seenAs)
    {
        IPEndPoint front = AddClusterIP(family, backend);
        using Socket listener = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Stream);
        using Socket server = Listen(PlaceOf(backend), family, AddressOf(backend, family), BackendPort, SocketType.Dgram);
        Assert.Equal(AddressOf(seenAs, family), Transfer(PlaceOf("web"), family, front, listener).Address);
        Assert.Equal(AddressOf(seenAs, family), Echo(PlaceOf("web"), family, front, server).Address);
    }

    [KernelTheory]
    [InlineData(Family.IPv4, SocketType.Stream)]
    [InlineData(Family.IPv4, SocketType.Dgram)]
    [InlineData(Family.IPv6, SocketType.Stream)]
    [InlineData(Family.IPv6, SocketType.Dgram)]
    public void A_service_without_a_backend_refuses_pods_and_clients_from_outside(Family family, SocketType type)
    {
        IPEndPoint front = AddClusterIP(family);
        (ushort tcp, ushort udp) = AddNodePorts(family);
        IPEndPoint nodePort = new(AddressOf("east", family), type == SocketType.Stream ? tcp : udp);
        foreach ((string client, IPEndPoint called) in new[] { ("web", front), ("outside", nodePort) })
        {
            using Socket socket = WireFixture.SocketIn(PlaceOf(client), type, family);
            SocketException error = Assert.Throws<SocketException>(() =>
            {
                socket.Connect(called);
                socket.Send(new byte[600]);
                socket.Receive(new byte[1]);
            });
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        }
    }

    /// <summary>The echo is in fragments too. A sender of IPv6 hears of the path's MTU at its first datagram, so that one is lost.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4, "outside")]
    [InlineData(Family.IPv4, "db")]
    [InlineData(Family.IPv4, "cache")]
    [InlineData(Family.IPv6, "outside")]
    [InlineData(Family.IPv6, "db")]
    [InlineData(Family.IPv6, "cache")]
    public void A_datagram_in_fragments_and_its_echo_arrive(Family family, string to)
    {
        using Socket server = Listen(PlaceOf(to), family, AddressOf(to, family), 0, SocketType.Dgram);
        server.ReceiveTimeout = 500;
        Eventually.Passes(() => Echo(PlaceOf("web"), family, (IPEndPoint)server.LocalEndPoint!, server, size: 4000));
    }

    private static void SetEcnCapable(Socket socket, Family family)
    {
        // IP_TOS; IPV6_TCLASS.
        (int level, int option) = family == Family.IPv4 ? (0, 1) : (41, 67);
        socket.SetRawSocketOption(level, option, BitConverter.GetBytes((int)EcnCapable));
    }

    private static byte[] FirstOverlayFrame(PacketSocket tap, IPAddress from)
    {
        byte[] buffer = new byte[2048];
        for (int frames = 0; frames < 100; frames++)
        {
            Assert.True(tap.TryReceive(buffer, TimeSpan.FromSeconds(5), out PacketInfo info));
            int length = info.Length;
            if (IPv4Header.TryParse(buffer.AsSpan(EthernetHeader.Size, length - EthernetHeader.Size), out IPv4Header ip)
                && ip.Protocol == IPProtocol.Udp && ip.Source.ToString() == from.ToString()
                && UdpHeader.TryParse(ip.Payload, out UdpHeader udp) && udp.DestinationPort == Node.TunnelPort)
            {
                return buffer[..length];
            }
        }

        throw new InvalidOperationException($"100 frames, and none of the overlay from {from}");
    }

    private WireNode NodeOf(string name) => name == "east" ? wire.East : wire.West;

    private long SentByOverlayDevice(string node) => JsonDocument.Parse(Tool.Run("ip", "-n", NodeOf(node).Name, "-s", "-j", "link", "show", "weft_vxlan"))
        .RootElement[0].GetProperty("stats64").GetProperty("tx").GetProperty("packets").GetInt64();

    /// <summary>Who the receiver has to see.</summary>
    private static void ExpectSender(Family family, string from, string to, IPAddress seen)
    {
        string expected = (from, to) switch
        {
            ("web", "outside") => "east",
            ("east", "web" or "db") => "east router",
            ("west", "web") => "west router",
            _ => from,
        };
        Assert.Equal(AddressOf(expected, family), seen);
    }

    private (ushort Tcp, ushort Udp) AddNodePorts(Family family, params string[] backends)
    {
        ushort port = (ushort)(30000 + Interlocked.Increment(ref s_nextService));
        WeftAddress any = WeftAddress.Parse(family == Family.IPv4 ? "0.0.0.0" : "::");
        AddBoth(any, port, family, backends);
        return (port, port);
    }

    private IPEndPoint AddClusterIP(Family family, params string[] backends)
    {
        uint number = Interlocked.Increment(ref s_nextService);
        IPAddress address = IPAddress.Parse(family == Family.IPv4 ? $"10.96.0.{number}" : $"fd00:96::{number}");
        AddBoth(WeftAddress.From(address), 80, family, backends);
        return new IPEndPoint(address, 80);
    }

    private void AddBoth(WeftAddress address, ushort port, Family family, string[] backends)
    {
        Pod[] pods = [.. backends.Select((name, slot) => Pod.Web with
        {
            Address = AddressOf(name, Family.IPv4).ToString(),
            Address6 = AddressOf(name, Family.IPv6).ToString(),
            Id = (ushort)(Interlocked.Increment(ref s_nextService) * 10 + slot),
        })];
        foreach (byte protocol in new byte[] { 6, 17 })
        {
            Pod[] ofProtocol = [.. pods.Select(pod => pod with { Id = (ushort)(pod.Id + protocol * 1000) })];
            ServiceValue service = new() { Id = Interlocked.Increment(ref s_nextService) };
            foreach (WireNode node in new[] { wire.East, wire.West })
            {
                node.AddService(new ServiceKey { Addr = address, Port = port, Proto = protocol }, service, family, BackendPort, ofProtocol);
            }
        }
    }

    private TestNamespace PlaceOf(string name) => name switch
    {
        "web" => wire.NamespaceOf(Pod.Web),
        "cache" => wire.NamespaceOf(Pod.Cache),
        "db" => wire.NamespaceOf(Pod.Db),
        "outside" => wire.Outside,
        _ => name.StartsWith("east", StringComparison.Ordinal) ? wire.East.Namespace : wire.West.Namespace,
    };

    private static IPAddress AddressOf(string name, Family family) => IPAddress.Parse((name switch
    {
        "web" => Pod.Web.On(family),
        "cache" => Pod.Cache.On(family),
        "db" => Pod.Db.On(family),
        "outside" => Node.OutsideOn(family),
        "east" => Node.EastOn(family),
        "east router" => Node.RouterOn(family),
        "west" => Node.WestOn(family),
        _ => Node.WestRouterOn(family),
    }).ToString());

    private static Socket Listen(TestNamespace place, Family family, IPAddress address, ushort port, SocketType type)
    {
        Socket socket = WireFixture.SocketIn(place, type, family);
        socket.Bind(new IPEndPoint(address, port));
        if (type == SocketType.Stream)
        {
            socket.Listen();
        }

        return socket;
    }

    /// <summary>A megabyte there and back; who the listener saw.</summary>
    private static IPEndPoint Transfer(TestNamespace from, Family family, IPEndPoint called, Socket listener)
    {
        using Socket client = WireFixture.SocketIn(from, SocketType.Stream, family);
        client.Connect(called);
        Assert.Equal(called, client.RemoteEndPoint);
        using Socket server = listener.Accept();
        server.ReceiveTimeout = 10_000;
        Send(client, server);
        Send(server, client);
        return (IPEndPoint)server.RemoteEndPoint!;
    }

    private static void Send(Socket from, Socket to)
    {
        byte[] data = new byte[1 << 20];
        Random.Shared.NextBytes(data);
        Task sender = Task.Run(() => from.Send(data));
        byte[] received = new byte[data.Length];
        using NetworkStream stream = new(to);
        stream.ReadExactly(received);
        sender.GetAwaiter().GetResult();
        Assert.True(data.AsSpan().SequenceEqual(received));
    }

    /// <summary>Who the server saw.</summary>
    private static IPEndPoint Echo(TestNamespace from, Family family, IPEndPoint called, Socket server, int size = 600)
    {
        using Socket client = WireFixture.SocketIn(from, SocketType.Dgram, family);
        client.ReceiveTimeout = server.ReceiveTimeout;
        client.Connect(called);
        byte[] data = new byte[size];
        Random.Shared.NextBytes(data);
        client.Send(data);
        byte[] buffer = new byte[8192];
        EndPoint peer = new IPEndPoint(family == Family.IPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        int arrived = server.ReceiveFrom(buffer, ref peer);
        server.SendTo(buffer.AsSpan(0, arrived), peer);
        Assert.Equal(data, buffer[..client.Receive(buffer)]);
        return (IPEndPoint)peer;
    }

    private static void SetDontFragment(Socket socket, Family family)
    {
        // IP_MTU_DISCOVER, IPV6_MTU_DISCOVER: PMTUDISC_DO; IP_RECVERR, IPV6_RECVERR.
        (int level, int discover, int errors) = family == Family.IPv4 ? (0, 10, 11) : (41, 23, 25);
        socket.SetRawSocketOption(level, discover, BitConverter.GetBytes(2));
        socket.SetRawSocketOption(level, errors, BitConverter.GetBytes(1));
    }
}
