using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Datapath.Harness;
using Weft.Abi;
using Weft.Linux;
using Weft.Linux.Packets;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What a test run cannot show: real devices, checksums left to them, packets in segments, delivery into another namespace.</summary>
[Collection<WireCollection>]
public sealed class WireTests(WireFixture wire)
{
    private const int IP_MTU_DISCOVER = 10;
    private const int IP_RECVERR = 11;
    private const int IP_PMTUDISC_DONT = 0;
    private const int IP_PMTUDISC_DO = 2;

    private static readonly IPAddress s_db = IPAddress.Parse(Pod.Db.Address);

    [KernelTheory]
    [InlineData(1, IP_PMTUDISC_DO)]
    [InlineData(1422, IP_PMTUDISC_DO)] // exactly the overlay's MTU
    [InlineData(1472, IP_PMTUDISC_DONT)] // the kernel fragments the outer packet
    [InlineData(4000, IP_PMTUDISC_DONT)] // the pod fragments the inner one
    public void A_datagram_and_its_echo_arrive(int size, int discover)
    {
        using Socket db = wire.SocketOfDb(SocketType.Dgram);
        using Socket web = wire.SocketOfWeb(SocketType.Dgram);
        db.Bind(new IPEndPoint(s_db, 0));
        SetIpOption(web, IP_MTU_DISCOVER, discover);
        SetIpOption(db, IP_MTU_DISCOVER, discover);
        web.Connect(db.LocalEndPoint!);
        byte[] data = new byte[size];
        Random.Shared.NextBytes(data);
        web.Send(data);
        byte[] buffer = new byte[8192];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int arrived = db.ReceiveFrom(buffer, ref from);
        Assert.Equal(Pod.Web.Address, ((IPEndPoint)from).Address.ToString());
        db.SendTo(buffer.AsSpan(0, arrived), from);
        Assert.Equal(data, buffer[..web.Receive(buffer)]);
    }

    [KernelFact]
    public void A_long_tcp_transfer_arrives_as_sent_although_the_pod_does_not_know_the_overlays_mtu()
    {
        using Socket listener = wire.SocketOfDb(SocketType.Stream);
        using Socket web = wire.SocketOfWeb(SocketType.Stream);
        listener.Bind(new IPEndPoint(s_db, 0));
        listener.Listen();
        web.Connect(listener.LocalEndPoint!);
        using Socket db = listener.Accept();
        byte[] data = new byte[4 << 20];
        Random.Shared.NextBytes(data);
        Task sender = Task.Run(() =>
        {
            web.Send(data);
            web.Shutdown(SocketShutdown.Send);
        });
        byte[] received = new byte[data.Length];
        using NetworkStream stream = new(db);
        stream.ReadExactly(received);
        Assert.Equal(0, stream.Read(new byte[1]));
        sender.GetAwaiter().GetResult();
        Assert.True(data.AsSpan().SequenceEqual(received));
    }

    /// <summary>The checksum of what is quoted is still to be filled in by a device: the answer must be good all the same.</summary>
    [KernelTheory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Stream)]
    public void A_sender_hears_that_time_was_exceeded(SocketType type)
    {
        using Socket web = wire.SocketOfWeb(type);
        web.Ttl = 1;
        SetIpOption(web, IP_RECVERR, 1);
        SocketException error = Assert.Throws<SocketException>(() =>
        {
            web.Connect(s_db, 9);
            web.Send(new byte[600]);
            web.Receive(new byte[1]);
        });
        Assert.Equal(SocketError.HostUnreachable, error.SocketErrorCode);
    }

    [KernelFact]
    public void A_sender_hears_the_overlays_mtu()
    {
        using Socket web = wire.SocketOfWeb(SocketType.Dgram);
        SetIpOption(web, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
        SetIpOption(web, IP_RECVERR, 1);
        web.Connect(s_db, 9);
        SocketException error = Assert.Throws<SocketException>(() =>
        {
            web.Send(new byte[Node.OverlayMtu - 27]);
            web.Receive(new byte[1]);
        });
        Assert.Equal(SocketError.MessageSize, error.SocketErrorCode);
        string route = Tool.Run("ip", "-n", wire.NamespaceOf(Pod.Web).Name, "route", "get", Pod.Db.Address);
        Assert.Contains($"mtu {Node.OverlayMtu}", route, StringComparison.Ordinal);
        Tool.Run("ip", "-n", wire.NamespaceOf(Pod.Web).Name, "route", "flush", "cache");
    }

    [KernelFact]
    public void A_refused_connection_is_heard_of_and_tracked_as_over()
    {
        using Socket web = wire.SocketOfWeb(SocketType.Stream);
        web.Bind(new IPEndPoint(IPAddress.Parse(Pod.Web.Address), 0));
        ushort port = (ushort)((IPEndPoint)web.LocalEndPoint!).Port;
        SocketException error = Assert.Throws<SocketException>(() => web.Connect(s_db, 9));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        ConntrackValue entry = wire.East.Programs.Map("weft_ct_tcp").As<ConntrackKey, ConntrackValue>()[Flow.Tcp(Pod.Web, Pod.Db, port, 9)];
        Assert.Equal((1, 1), (entry.TxClosing, entry.RxClosing));
    }

    [KernelFact]
    public void A_closed_port_is_heard_of()
    {
        using Socket web = wire.SocketOfWeb(SocketType.Dgram);
        web.Connect(s_db, 9);
        SocketException error = Assert.Throws<SocketException>(() =>
        {
            web.Send([1]);
            web.Receive(new byte[1]);
        });
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [KernelFact]
    public void A_tagged_frame_is_dropped()
    {
        byte[] tagged = new PacketBuilder().Ethernet(Pod.Web.EthernetAddress, Pod.Web.GatewayAddress).Vlan(7)
            .IPv4(Pod.Web.Address, Pod.Db.Address).Udp(1, 2).ToArray();
        ExpectDrops([tagged], DropReason.UnsupportedL2);
    }

    /// <summary>The lengths that the kernel takes from a device but not for a test run.</summary>
    [KernelFact]
    public void A_frame_cut_inside_its_ip_header_is_dropped()
    {
        byte[] whole = Frame.Udp(Pod.Web, Pod.Db);
        int headers = EthernetHeader.Size + IPv4Header.MinSize;
        ExpectDrops([.. Enumerable.Range(EthernetHeader.Size, headers - EthernetHeader.Size).Select(length => whole[..length])], DropReason.InvalidPacket);
    }

    [KernelTheory]
    [InlineData(Family.IPv4)]
    [InlineData(Family.IPv6)]
    public void A_datagram_whose_parts_come_in_the_wrong_order_arrives(Family family)
    {
        foreach (Pod receiver in new[] { Pod.Db, Pod.Cache })
        {
            IPAddress address = IPAddress.Parse(receiver.On(family).ToString());
            using Socket server = WireFixture.SocketIn(wire.NamespaceOf(receiver), SocketType.Dgram, family);
            server.Bind(new IPEndPoint(address, 0));
            ushort port = (ushort)((IPEndPoint)server.LocalEndPoint!).Port;
            Segment sent = Segment.FromPod(Pod.Web, family, 40000, receiver.On(family), port, Carried.Udp) with { Payload = 100 };
            (byte[] first, byte[] later) = sent.Fragments(64);
            SendFromWeb(later, first);
            byte[] buffer = new byte[200];
            Assert.Equal(100, server.Receive(buffer));
            Assert.Equal(sent.ToArray()[^100..], buffer[..100]);
        }
    }

    /// <summary>Sends frames from Web as they are, and waits until East has counted each.</summary>
    private void ExpectDrops(byte[][] frames, DropReason reason)
    {
        ulong before = Dropped(reason);
        SendFromWeb(frames);
        Eventually.Passes(() => Assert.Equal(before + (ulong)frames.Length, Dropped(reason)));
    }

    private void SendFromWeb(params byte[][] frames)
    {
        IfIndex eth0 = new(int.Parse(
            Tool.Run("ip", "-n", wire.NamespaceOf(Pod.Web).Name, "-o", "link", "show", "dev", "eth0").Split(':')[0], CultureInfo.InvariantCulture));
        using PacketSocket socket = PacketSocket.Open(eth0, networkNamespace: wire.NamespaceOf(Pod.Web).Handle);
        foreach (byte[] frame in frames)
        {
            socket.Send(frame);
        }
    }

    private ulong Dropped(DropReason reason) => Counters.Read(wire.East.Programs)[(reason, MetricDirection.Egress)].Packets;

    private static void SetIpOption(Socket socket, int option, int value) =>
        socket.SetRawSocketOption((int)SocketOptionLevel.IP, option, BitConverter.GetBytes(value));
}
