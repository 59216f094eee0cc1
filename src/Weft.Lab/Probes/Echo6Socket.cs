using System.Buffers.Binary;
using System.Net;
using Weft.Linux.Packets;
using Weft.Packets;

namespace Weft.Lab.Probes;

/// <summary>ICMPv6: the socket gives packets from the ICMPv6 header on, and the kernel computes the checksum over addresses that it chooses.</summary>
internal sealed class Echo6Socket : EchoSocket
{
    private const int EchoHeader = 8;

    private readonly Icmpv6Socket _socket = Icmpv6Socket.Open();
    private readonly byte[] _buffer = new byte[LargestPacket];

    public override async Task SendAsync(EchoId id, IPAddress to, CancellationToken cancellationToken)
    {
        byte[] request = new byte[EchoHeader + PayloadLength];
        request[0] = (byte)Icmpv6Type.EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), id.Id);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), id.Sequence);
        await _socket.SendAsync(request, to, cancellationToken);
    }

    public override async Task<EchoAnswer?> ReceiveAsync(EchoId id, CancellationToken cancellationToken)
    {
        IPv6Datagram datagram = await _socket.ReceiveAsync(_buffer, cancellationToken);
        return Interpret(_buffer.AsSpan(0, Math.Min(datagram.Length, _buffer.Length)), datagram, id);
    }

    public override void Dispose() => _socket.Dispose();

    private static EchoAnswer? Interpret(ReadOnlySpan<byte> message, IPv6Datagram datagram, EchoId id)
    {
        if (!Icmpv6Header.TryParse(message, out Icmpv6Header icmp))
        {
            return null;
        }

        if (icmp.Type == Icmpv6Type.EchoReply)
        {
            return Is(icmp, id) ? new EchoAnswer(datagram.Source, null, datagram.HopLimit, message.Length) : null;
        }

        bool ours = icmp.IsError && IPv6Header.TryParse(icmp.Quoted, out IPv6Header quoted) && quoted.NextHeader == IPProtocol.Icmpv6
            && Icmpv6Header.TryParse(quoted.Payload, out Icmpv6Header request) && Is(request, id);
        return ours
            ? new EchoAnswer(datagram.Source, $"{datagram.Source} answered: {icmp.Type}, code {icmp.Code}", datagram.HopLimit, message.Length)
            : null;
    }

    private static bool Is(Icmpv6Header icmp, EchoId id) =>
        icmp.TryGetEcho(out ushort one, out ushort sequence) && one == id.Id && sequence == id.Sequence;
}
