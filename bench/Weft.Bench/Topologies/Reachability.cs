using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Topologies;

/// <summary>Waits until a way is open: what was asked of an agent works when it works, not when it was asked.</summary>
internal static class Reachability
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Returns when a TCP connection came about; each attempt is one of its own.</summary>
    public static void Await(PodPair pods)
    {
        using Socket listener = pods.Bind(SocketType.Stream, ProtocolType.Tcp);
        listener.Listen(128);
        IPEndPoint target = pods.TargetOf(listener);
        long begin = Stopwatch.GetTimestamp();
        while (!Connects(pods, target))
        {
            if (Stopwatch.GetElapsedTime(begin) > s_limit)
            {
                throw new InvalidOperationException($"connect to {target}: no connection within {s_limit.TotalSeconds} s");
            }
        }
    }

    private static bool Connects(PodPair pods, IPEndPoint target)
    {
        using Socket socket = pods.Client.Run(() => new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using CancellationTokenSource limit = new(s_attempt);
        try
        {
            socket.ConnectAsync(target, limit.Token).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (SocketException)
        {
            // Refused at once or reset: not ready, and there is no reason for a pause, as every attempt is a system call only.
            return false;
        }
    }
}
