using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>
/// Connect, one byte there, one back, close with a reset, again; the figure is connections a second, both ends on one CPU.
/// </summary>
/// <remarks>The reset (SO_LINGER 0) keeps the client's ports from running out in TIME-WAIT within a second.</remarks>
internal static class NewConnections
{
    public static double Measure(PodPair pods, TrafficPlan plan)
    {
        using Socket listener = pods.Bind(SocketType.Stream, ProtocolType.Tcp);
        listener.Listen(128);
        IPEndPoint target = pods.TargetOf(listener);
        Task<int> server = TrafficThread.StartAsync(pods.Server, cpu: 1, () => Serve(listener));
        Task<double> client = TrafficThread.StartAsync(pods.Client, cpu: 1, () => Connect(target, plan));
        Task.WaitAll(client, server);
        return client.Result;
    }

    private static int Serve(Socket listener)
    {
        byte[] buffer = new byte[1];
        for (int served = 0; ; served++)
        {
            using Socket socket = listener.Accept();
            socket.ReceiveTimeout = 5000;
            // A connection that brings nothing says that the measurement is over.
            if (socket.Receive(buffer) == 0)
            {
                return served;
            }

            socket.Send(buffer);
        }
    }

    private static double Connect(IPEndPoint target, TrafficPlan plan)
    {
        Rounds(target, plan.WarmUp);
        long begin = Stopwatch.GetTimestamp();
        int count = Rounds(target, plan.Measure);
        double rate = count / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        using Socket last = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        last.Connect(target);
        last.Shutdown(SocketShutdown.Send);
        return rate;
    }

    private static int Rounds(IPEndPoint target, TimeSpan time)
    {
        byte[] buffer = new byte[1];
        LingerOption reset = new(true, 0);
        long begin = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; Stopwatch.GetElapsedTime(begin) < time; rounds++)
        {
            using Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 5000 };
            socket.Connect(target);
            socket.Send(buffer);
            socket.Receive(buffer);
            socket.LingerState = reset;
        }

        return rounds;
    }
}
