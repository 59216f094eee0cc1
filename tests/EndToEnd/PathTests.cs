using System.Text.RegularExpressions;
using EndToEnd.Harness;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Linux.Packets;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>What a pod learns about the way of its packets, and what it may not send.</summary>
[Collection(SharedLabTests.Name)]
public sealed partial class PathTests(SharedLab shared)
{
    private const string Device = "eth0";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private RealLab Lab => shared.Lab;

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void Traceroute_shows_the_gateway_and_then_the_destination()
    {
        string gateway = GatewayPattern().Match(Lab.Exec(Pods.East, "ip", "route", "show", "default")).Groups["address"].Value;

        string[] hops = [.. HopPattern().Matches(Lab.Exec(Pods.East, "traceroute", "-n", "-q", "1", "-w", "5", $"{Pods.WestAddress}"))
            .Select(match => match.Groups["address"].Value)];

        Assert.Equal([gateway, $"{Pods.WestAddress}"], hops);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void A_packet_too_big_for_the_overlay_is_answered_with_the_mtu_that_fits()
    {
        (byte[] answer, _) = SendAndReceive(
            (pod, gateway) => new PacketBuilder().Ethernet(pod, gateway)
                .Add(new IPv4Layer(IPv4Address.From(Pods.EastAddress), IPv4Address.From(Pods.WestAddress)) { DontFragment = true })
                .Udp(4000, 4001).Payload(1472).ToArray(),
            frame => ReadIcmp(frame, out IcmpHeader icmp) && icmp.Type == IcmpType.DestinationUnreachable);

        Assert.True(ReadIcmp(answer, out IcmpHeader error));
        Assert.Equal(4, error.Code);
        Assert.Equal(1450, error.Sequence);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void A_packet_with_another_source_address_is_dropped_counted_and_reported()
    {
        const string reason = "Invalid source ip";
        long before = Lab.Counted(Pods.EastNode, reason);
        using OverlayCapture capture = new(Lab.Member(Pods.EastNode));

        Send((pod, gateway) => new PacketBuilder().Ethernet(pod, gateway).IPv4("10.0.1.99", $"{Pods.WestAddress}").EchoRequest(7, 1).Payload(8).ToArray());

        Assert.Equal(before + 1, Lab.Counted(Pods.EastNode, reason));
        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        Assert.Equal($"{Pods.EastAddress}", capture.Next(packet => packet.InnerDestination == $"{Pods.WestAddress}").InnerSource);
    }

    [KernelFact]
    public void A_packet_with_another_source_mac_is_dropped_and_counted()
    {
        const string reason = "Invalid source mac";
        long before = Lab.Counted(Pods.EastNode, reason);

        Send((_, gateway) => new PacketBuilder().Ethernet(MacAddress.Parse("02:00:00:00:00:99"), gateway)
            .IPv4($"{Pods.EastAddress}", $"{Pods.WestAddress}").EchoRequest(7, 1).Payload(8).ToArray());

        Assert.Equal(before + 1, Lab.Counted(Pods.EastNode, reason));
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void A_pod_may_not_send_to_the_tunnel_port_itself()
    {
        const string reason = "Encapsulation traffic is prohibited";
        long before = Lab.Counted(Pods.EastNode, reason);

        Send((pod, gateway) => new PacketBuilder().Ethernet(pod, gateway)
            .IPv4($"{Pods.EastAddress}", "192.168.2.62").Udp(4000, VxlanHeader.LinuxPort).Vxlan(1).Payload(20).ToArray());

        Assert.Equal(before + 1, Lab.Counted(Pods.EastNode, reason));
    }

    private void Send(Func<MacAddress, MacAddress, byte[]> build)
    {
        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}"); // so that the gateway's MAC is known
        using PacketSocket socket = OpenDevice(out MacAddress pod);
        socket.Send(build(pod, GatewayMac()));
    }

    private (byte[] Frame, PacketInfo Info) SendAndReceive(Func<MacAddress, MacAddress, byte[]> build, Func<byte[], bool> fits)
    {
        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        using PacketSocket socket = OpenDevice(out MacAddress pod);
        socket.Send(build(pod, GatewayMac()));
        byte[] buffer = new byte[65536];
        while (socket.TryReceive(buffer, s_deadline, out PacketInfo info))
        {
            byte[] frame = buffer[..info.CapturedLength];
            if (info.Direction != PacketDirection.PACKET_OUTGOING && fits(frame))
            {
                return (frame, info);
            }
        }

        throw new InvalidOperationException($"no such answer came to the pod within {s_deadline.TotalSeconds} s");
    }

    private PacketSocket OpenDevice(out MacAddress mac)
    {
        LabMember member = Lab.Member(Pods.East);
        (PacketSocket socket, HardwareAddress address) = member.Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            Link device = netlink.Links.Get(Device);
            return (PacketSocket.Open(device.Index), device.Address!.Value);
        });
        mac = MacAddress.Parse(address.ToString());
        return socket;
    }

    private MacAddress GatewayMac() =>
        MacAddress.Parse(NeighbourPattern().Match(Lab.Exec(Pods.East, "ip", "neigh", "show", "dev", Device)).Groups["mac"].Value);

    private static bool ReadIcmp(byte[] frame, out IcmpHeader icmp)
    {
        icmp = default;
        return EthernetHeader.TryParse(frame, out EthernetHeader ethernet) && IPv4Header.TryParse(ethernet.Payload, out IPv4Header ip)
            && ip.Protocol == IPProtocol.Icmpv4 && IcmpHeader.TryParse(ip.Payload, out icmp);
    }

    [GeneratedRegex(@"via (?<address>[0-9.]+)")]
    private static partial Regex GatewayPattern();

    [GeneratedRegex(@"^\s*\d+\s+(?<address>[0-9.]+)\s", RegexOptions.Multiline)]
    private static partial Regex HopPattern();

    [GeneratedRegex(@"lladdr (?<mac>[0-9a-f:]{17})")]
    private static partial Regex NeighbourPattern();
}
