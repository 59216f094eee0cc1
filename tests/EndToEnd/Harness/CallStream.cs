using System.Net.Sockets;

namespace EndToEnd.Harness;

/// <summary>Datagrams from one pod to another, one a millisecond, half of them of one flow and half of flows of their own.</summary>
internal sealed class CallStream : IDisposable
{
    private const int Flows = 100;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static int s_numbers;

    private readonly Reachability _pods;
    private readonly Reachability.Call _call;
    private readonly Socket[] _sockets;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<int> _sent = [];
    private readonly Task _sending;

    public CallStream(Reachability pods, Reachability.Call call)
    {
        _pods = pods;
        _call = call;
        _sockets = [.. Enumerable.Range(0, Flows).Select(_ => pods.Open(call.Source, call.Family))];
        _sending = SendAsync();
    }

    public Reachability.Call Call => _call;

    public int Sent
    {
        get
        {
            lock (_sent)
            {
                return _sent.Count;
            }
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
    }

    /// <summary>After <see cref="StopAsync"/>: waits for the last datagram, and counts those that arrived.</summary>
    public async Task<int> ArrivedAsync(bool waits)
    {
        using CancellationTokenSource deadline = new(s_deadline);
        while (waits && Count() < _sent.Count && !deadline.IsCancellationRequested)
        {
            await Task.Yield();
        }

        return Count();
    }

    public void Dispose()
    {
        _stop.Cancel();
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private int Count() => _sent.Count(number => _pods.Received(_call, number) > 0);

    private async Task SendAsync()
    {
        using PeriodicTimer timer = new(s_interval);
        try
        {
            for (int i = 0; await timer.WaitForNextTickAsync(_stop.Token); i++)
            {
                int number = Interlocked.Decrement(ref s_numbers);
                Socket socket = i % 2 == 0 ? _sockets[0] : _sockets[i / 2 % Flows];
                await socket.SendToAsync(_pods.DatagramOf(_call, number), _pods.EndPointOf(_call), CancellationToken.None);
                lock (_sent)
                {
                    _sent.Add(number);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }
}
