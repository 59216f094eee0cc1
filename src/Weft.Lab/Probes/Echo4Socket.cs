using System.Net;
using System.Net.Sockets;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Lab.Probes;

/// <summary>ICMP: the socket gives packets from the IP header on.</summary>
internal sealed class Echo4Socket : EchoSocket
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
    private readonly byte[] _buffer = new byte[LargestPacket];

    public override async Task SendAsync(EchoId id, IPAddress to, CancellationToken cancellationToken)
    {
        byte[] request = new PacketBuilder().EchoRequest(id.Id, id.Sequence).Payload(PayloadLength).ToArray();
        await _socket.SendToAsync(request, new IPEndPoint(to, 0), cancellationToken);
    }

    public override async Task<EchoAnswer?> ReceiveAsync(EchoId id, CancellationToken cancellationToken)
    {
        SocketReceiveFromResult received = await _socket.ReceiveFromAsync(_buffer, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
        return Interpret(_buffer.AsSpan(0, received.ReceivedBytes), id);
    }

    public override void Dispose() => _socket.Dispose();

    private static EchoAnswer? Interpret(ReadOnlySpan<byte> packet, EchoId id)
    {
        if (!IPv4Header.TryParse(packet, out IPv4Header ip) || !IcmpHeader.TryParse(ip.Payload, out IcmpHeader icmp))
        {
            return null;
        }

        IPAddress from = ip.Source.ToIPAddress();
        if (icmp.Type == IcmpType.EchoReply)
        {
            return Is(icmp, id) ? new EchoAnswer(from, null, ip.TimeToLive, ip.Payload.Length) : null;
        }

        bool ours = icmp.IsError && IPv4Header.TryParse(icmp.Payload, out IPv4Header quoted)
            && IcmpHeader.TryParse(quoted.Payload, out IcmpHeader request) && Is(request, id);
        return ours ? new EchoAnswer(from, $"{from} answered: {icmp.Type}, code {icmp.Code}", ip.TimeToLive, ip.Payload.Length) : null;
    }

    private static bool Is(IcmpHeader icmp, EchoId id) => icmp.Id == id.Id && icmp.Sequence == id.Sequence;
}
