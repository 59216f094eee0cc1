using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Lab.Programs;
using Weft.Linux;

namespace Weft.Lab.Probes;

/// <summary>Sends ICMP echo requests from inside a pod, a node or an outside host, over raw sockets of its namespace.</summary>
/// <remarks>One request at a time. A raw socket sees all ICMP that arrives, so answers are told apart by identifier and sequence.</remarks>
public sealed class EchoProbe : IDisposable
{
    private readonly LabMember _from;
    private readonly ushort _id = (ushort)Random.Shared.Next(1, ushort.MaxValue);
    private EchoSocket? _socket4;
    private EchoSocket? _socket6;
    private ushort _sequence;

    public EchoProbe(LabMember from) => _from = from;

    public async Task<EchoResult> SendAsync(IPAddress to, TimeSpan timeout, CancellationToken cancellationToken)
    {
        EchoId id = new(_id, ++_sequence);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        long sent = Stopwatch.GetTimestamp();
        try
        {
            EchoSocket socket = SocketFor(to.AddressFamily);
            sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(id, to, limit.Token);
            while (true)
            {
                EchoAnswer? answer = await socket.ReceiveAsync(id, limit.Token);
                if (answer is not null)
                {
                    return new EchoResult(answer.From, answer.Error, answer.TimeToLive, answer.Bytes, Stopwatch.GetElapsedTime(sent));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EchoResult(null, $"no answer within {timeout.TotalSeconds:0.#} s", 0, 0, timeout);
        }
        catch (Exception exception) when (exception is SocketException or LinuxException)
        {
            return new EchoResult(null, exception.Message, 0, 0, Stopwatch.GetElapsedTime(sent));
        }
    }

    public void Dispose()
    {
        _socket4?.Dispose();
        _socket6?.Dispose();
    }

    private EchoSocket SocketFor(AddressFamily family) => family == AddressFamily.InterNetworkV6
        ? _socket6 ??= _from.Run(() => new Echo6Socket())
        : _socket4 ??= _from.Run(() => new Echo4Socket());
}
