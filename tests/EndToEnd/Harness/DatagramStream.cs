using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Weft.Lab.Programs;

namespace EndToEnd.Harness;

/// <summary>Sends numbered UDP datagrams from one pod to another, a thousand a second (where emulated, fifty), and books those that arrive.</summary>
internal sealed class DatagramStream : IDisposable
{
    private const int Port = 7000;
    private const int ReceiveBuffer = 4 << 20;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(KernelScenario.IsEmulated ? 20 : 1);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly ConcurrentDictionary<int, byte> _arrived = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Task _sending;
    private readonly Task _receiving;
    private int _sent;

    public DatagramStream(LabMember from, LabMember to, IPAddress destination)
    {
        _receiver = to.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        _receiver.ReceiveBufferSize = ReceiveBuffer;
        _receiver.Bind(new IPEndPoint(IPAddress.Any, Port));
        _sender = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        _sender.Connect(destination, Port);
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Returns once so many more datagrams have arrived: the stream is alive.</summary>
    public async Task FlowsAsync(int more)
    {
        int goal = _arrived.Count + more;
        while (_arrived.Count < goal)
        {
            if (!await _news.WaitAsync(s_deadline))
            {
                throw new TimeoutException($"the stream stands still: {Sent} sent, {_arrived.Count} arrived");
            }
        }
    }

    /// <summary>Ends the stream, waits for the last datagram, and tells which did not arrive.</summary>
    public async Task<IReadOnlyList<int>> MissingAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        int last = Sent - 1;
        while (!_arrived.ContainsKey(last) && await _news.WaitAsync(s_deadline))
        {
        }

        await _end.CancelAsync();
        await _receiving;
        return [.. Enumerable.Range(0, Sent).Where(number => !_arrived.ContainsKey(number))];
    }

    public void Dispose()
    {
        _stop.Cancel();
        _end.Cancel();
        _sender.Dispose();
        _receiver.Dispose();
    }

    private async Task SendAsync()
    {
        byte[] datagram = new byte[64];
        using PeriodicTimer timer = new(s_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                BinaryPrimitives.WriteInt32BigEndian(datagram, _sent);
                await _sender.SendAsync(datagram, CancellationToken.None);
                Interlocked.Increment(ref _sent);
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] datagram = new byte[2048];
        try
        {
            while (true)
            {
                await _receiver.ReceiveAsync(datagram, _end.Token);
                _arrived[BinaryPrimitives.ReadInt32BigEndian(datagram)] = 1;
                _news.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // ended
        }
    }
}
