using System.Net.Sockets;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>Two nodes on one underlay, two pods on each, and a router with a host behind it: the world.</summary>
/// <remarks>Web and Cache are on East, which encapsulates in BPF what it forwards for services, Db and Queue on West, which leaves that to its device. From the router to the world packets may have 1300 bytes.</remarks>
public sealed class WireFixture : IDisposable
{
    public const string Gateway = "192.168.2.1";
    public const string Gateway6 = "fd00:2::1";
    public const int WorldMtu = 1300;

    private readonly Lazy<Wire> _wire = new(static () => new Wire());

    internal WireNode East => _wire.Value.East;

    internal WireNode West => _wire.Value.West;

    internal TestNamespace Outside => _wire.Value.Outside;

    internal TestNamespace NamespaceOf(Pod pod) => (East.Pods.Contains(pod) ? East : West).NamespaceOf(pod);

    /// <summary>A socket of Web; it stays Web's on any thread.</summary>
    internal Socket SocketOfWeb(SocketType type) => SocketIn(NamespaceOf(Pod.Web), type);

    internal Socket SocketOfDb(SocketType type) => SocketIn(NamespaceOf(Pod.Db), type);

    internal static Socket SocketIn(TestNamespace place, SocketType type, Family family = Family.IPv4) => place.Run(() =>
        new Socket(family == Family.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp)
        {
            ReceiveTimeout = 10_000,
            SendTimeout = 10_000,
        });

    public void Dispose()
    {
        if (_wire.IsValueCreated)
        {
            _wire.Value.Dispose();
        }
    }

    private sealed class Wire : IDisposable
    {
        private readonly TestNamespace _router = TestNamespace.Create("router");

        public Wire()
        {
            try
            {
                StartRouter();
                East.Start(West);
                West.Start(East);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public TestNamespace Outside { get; } = TestNamespace.Create("outside");

        public WireNode East { get; } = new("east", WireAddresses.East, ConfigFlags.EncapBpf, Pod.Web, Pod.Cache);

        public WireNode West { get; } = new("west", WireAddresses.West, ConfigFlags.None, Pod.Db, Pod.Queue);

        public void Dispose()
        {
            East.Dispose();
            West.Dispose();
            Outside.Dispose();
            _router.Dispose();
        }

        private void StartRouter()
        {
            _router.Exec("sh", "-ec", $"""
                ip link set lo up
                ip link add underlay type bridge
                ip link add east master underlay type veth peer name ens3 netns {East.Name}
                ip link add west master underlay type veth peer name ens3 netns {West.Name}
                ip link add world mtu {WorldMtu} type veth peer name eth0 mtu {WorldMtu} netns {Outside.Name}
                for device in underlay east west world; do ip link set $device up; done
                ip addr add {Gateway}/24 dev underlay
                ip addr add {Gateway6}/64 dev underlay nodad
                ip addr add 203.0.113.1/24 dev world
                ip addr add 2001:db8:99::1/64 dev world nodad
                echo 1 > /proc/sys/net/ipv4/ip_forward
                echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
                """);
            Outside.Exec("sh", "-ec", $"""
                ip link set lo up
                ip link set eth0 up
                ip addr add {Node.Outside}/24 dev eth0
                ip addr add {Node.Outside6}/64 dev eth0 nodad
                ip route add default via 203.0.113.1
                ip route add default via 2001:db8:99::1
                """);
        }
    }
}
