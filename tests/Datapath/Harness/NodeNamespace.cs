using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>Makes a namespace with the devices and routes of East, for programs that look a route up.</summary>
/// <remarks>No packet ever leaves: test runs only ask. The indexes are those of <see cref="Node.Config"/>.</remarks>
internal static class NodeNamespace
{
    public static TestNamespace Create()
    {
        TestNamespace node = TestNamespace.Create("node");
        try
        {
            node.Exec("sh", "-ec", $"""
                ip link set lo up
                ip link add ens3 index {Node.NetdevIfIndex} type veth peer name wire index 3
                ip link add weft_host index {Node.HostIfIndex} type veth peer name weft_net index 8
                for device in ens3 wire weft_host weft_net; do ip link set $device up; done
                ip addr add {Node.East}/24 dev ens3
                ip addr add {Node.East6}/64 dev ens3 nodad
                ip route add default via 192.168.2.1
                ip route add default via fd00:2::1
                ip route add 203.0.113.128/25 via 192.168.2.1 mtu lock 1300
                ip route add 2001:db8:99:1::/64 via fd00:2::1 mtu lock 1300
                ip route add unreachable 198.51.100.0/24
                ip route add unreachable 2001:db8:51::/48
                echo 1 > /proc/sys/net/ipv4/conf/weft_host/forwarding
                echo 1 > /proc/sys/net/ipv6/conf/weft_host/forwarding
                """);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }
}
