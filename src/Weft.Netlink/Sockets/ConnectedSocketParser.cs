using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Sockets;

/// <summary>Reads the answers of a dump of sockets.</summary>
internal static class ConnectedSocketParser
{
    private const int IPv4Bytes = 4;

    public static bool TryParse(NetlinkMessage message, ProtocolType protocol, out ConnectedSocket socket)
    {
        socket = null!;
        if (message.Type != SockDiagH.SOCK_DIAG_BY_FAMILY
            || !message.TryReadFixed(out InetDiagMessage read, out _)
            || read.Family is not (SocketH.AF_INET or SocketH.AF_INET6))
        {
            return false;
        }

        socket = new ConnectedSocket
        {
            Protocol = protocol,
            Local = EndPoint(read.Family, read.Id.Source, read.Id.SourcePort),
            Remote = EndPoint(read.Family, read.Id.Destination, read.Id.DestinationPort),
            Cookie = read.Id.CookieLow | (ulong)read.Id.CookieHigh << 32,
            Family = read.Family,
            Id = read.Id,
        };
        return true;
    }

    public static ushort ToNetworkOrder(ushort port) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(port) : port;

    private static IPEndPoint EndPoint(byte family, in InetDiagAddress address, ushort port)
    {
        IPAddress parsed = new(family == SocketH.AF_INET ? address[..IPv4Bytes] : address);
        return new IPEndPoint(parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed, ToNetworkOrder(port));
    }
}
