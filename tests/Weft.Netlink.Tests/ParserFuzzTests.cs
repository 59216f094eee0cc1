using System.Net;
using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Monitoring;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Routes;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

/// <summary>Damaged forms of what a real kernel sent: parsers may pass over anything but must not throw or read too far.</summary>
public class ParserFuzzTests
{
    [KernelFact]
    public void Damaged_answers_of_the_kernel_do_no_harm()
    {
        using Node node = new();
        Furnish(node);
        using RawSocket socket = NetlinkSockets.Open(NetlinkH.NETLINK_ROUTE, node.Namespace.Handle);

        ushort[] dumps = [RtNetlinkH.RTM_GETLINK, RtNetlinkH.RTM_GETADDR, RtNetlinkH.RTM_GETROUTE, RtNetlinkH.RTM_GETNEIGH];
        foreach (ushort type in dumps)
        {
            byte[] datagram = FirstDatagramOfDump(socket, type);
            List<NetworkChange> changes = [];
            NetworkChangeParser.Parse(datagram, changes);
            Assert.NotEmpty(changes);
            Assert.DoesNotContain(changes, change => change is NetworkChange.Overrun);

            Fuzz.EveryTruncation(datagram, Parse);
            Fuzz.Mutations(datagram, Parse, count: 3000);
        }
    }

    [Fact]
    public void Damaged_acknowledgements_do_no_harm()
    {
        NetlinkWriter attributes = new(new byte[256], 0, 0);
        attributes.PutText(NetlinkH.NLMSGERR_ATTR_MSG, "some text of the kernel");
        attributes.PutUInt32(NetlinkH.NLMSGERR_ATTR_OFFS, 20);
        byte[] request = new byte[40];
        request[0] = 40;
        byte[] valid = FakeKernel.Error(1, -22, request, attributes.Finish()[NetlinkHeader.Size..].ToArray());

        void ParseError(byte[] bytes)
        {
            NetlinkMessages messages = new(bytes);
            while (messages.TryRead(out NetlinkMessage message))
            {
                NetlinkErrors.ReadExtendedAck(message, request);
            }
        }

        Fuzz.EveryTruncation(valid, ParseError);
        Fuzz.Mutations(valid, ParseError, count: 20_000);
    }

    private static void Parse(byte[] datagram) => NetworkChangeParser.Parse(datagram, []);

    private static void Furnish(Node node)
    {
        node.Netlink.Links.CreateBridge("br0");
        node.Netlink.Links.CreateVxlan("vx", new VxlanSettings { CollectMetadata = true }, new LinkSettings { Up = true });
        node.Netlink.Addresses.Add(new InterfaceAddress { Device = node.Device, Address = IPAddress.Parse("10.0.1.1"), PrefixLength = 24 });
        node.Netlink.Neighbours.Add(
            new Neighbour { Device = node.Device, Address = IPAddress.Parse("10.0.1.2"), HardwareAddress = new HardwareAddress(2) });
        node.Netlink.Routes.Add(new Route
        {
            Destination = IPNetwork.Parse("10.0.0.0/24"),
            Device = node.Netlink.Links.Get("vx").Index,
            Mtu = 1450,
            Encapsulation = new RouteEncapsulation.Ip(37483, IPAddress.Parse("192.168.2.62")),
        });
    }

    private static byte[] FirstDatagramOfDump(RawSocket socket, ushort type)
    {
        NetlinkWriter writer = new(new byte[64], type, NetlinkH.NLM_F_DUMP);
        if (type == RtNetlinkH.RTM_GETLINK)
        {
            writer.PutFixed(default(IfInfoMsg));
        }
        else if (type == RtNetlinkH.RTM_GETADDR)
        {
            writer.PutFixed(default(IfAddrMsg));
        }
        else
        {
            writer.PutFixed(default(NdMsg));
        }

        Assert.Equal(Errno.None, socket.Send(writer.Finish()));
        byte[] buffer = new byte[NetlinkSocket.ReceiveSize];
        Assert.Equal(Errno.None, socket.Receive(buffer, out int length));
        byte[] rest = new byte[NetlinkSocket.ReceiveSize];
        while (socket.WaitReadable(TimeSpan.Zero))
        {
            socket.Receive(rest, out _);
        }

        return buffer[..length];
    }
}
