using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Lab.Programs;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Lab.Probes;

/// <summary>Sends ICMP echo requests from inside a pod or node, over a raw socket of its namespace.</summary>
/// <remarks>One request at a time. A raw socket sees all ICMP that arrives, so answers are told apart by identifier and sequence.</remarks>
public sealed class EchoProbe : IDisposable
{
    private const int PayloadLength = 56;
    private const int LargestPacket = 65535;

    private readonly Socket _socket;
    private readonly ushort _id;
    private readonly byte[] _buffer = new byte[LargestPacket];
    private ushort _sequence;

    public EchoProbe(LabMember from)
    {
        _socket = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp));
        _id = (ushort)Random.Shared.Next(1, ushort.MaxValue);
    }

    public async Task<EchoResult> SendAsync(IPAddress to, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _sequence++;
        byte[] request = new PacketBuilder().EchoRequest(_id, _sequence).Payload(PayloadLength).ToArray();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        long sent = Stopwatch.GetTimestamp();
        try
        {
            await _socket.SendToAsync(request, new IPEndPoint(to, 0), limit.Token);
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(_buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
                TimeSpan elapsed = Stopwatch.GetElapsedTime(sent);
                if (Interpret(_buffer.AsSpan(0, received.ReceivedBytes), elapsed) is { } result)
                {
                    return result;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EchoResult(null, $"no answer within {timeout.TotalSeconds:0.#} s", 0, 0, timeout);
        }
        catch (SocketException exception)
        {
            return new EchoResult(null, exception.Message, 0, 0, Stopwatch.GetElapsedTime(sent));
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Null if the packet has nothing to do with the request.</returns>
    private EchoResult? Interpret(ReadOnlySpan<byte> packet, TimeSpan elapsed)
    {
        if (!IPv4Header.TryParse(packet, out IPv4Header ip) || !IcmpHeader.TryParse(ip.Payload, out IcmpHeader icmp))
        {
            return null;
        }

        IPAddress from = ip.Source.ToIPAddress();
        if (icmp.Type == IcmpType.EchoReply)
        {
            return icmp.Id == _id && icmp.Sequence == _sequence
                ? new EchoResult(from, null, ip.TimeToLive, ip.Payload.Length, elapsed)
                : null;
        }

        bool ours = icmp.IsError && IPv4Header.TryParse(icmp.Payload, out IPv4Header quoted)
            && IcmpHeader.TryParse(quoted.Payload, out IcmpHeader request) && request.Id == _id && request.Sequence == _sequence;
        return ours ? new EchoResult(from, $"{from} answered: {icmp.Type}, code {icmp.Code}", ip.TimeToLive, ip.Payload.Length, elapsed) : null;
    }
}
