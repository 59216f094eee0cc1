using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>One byte there, one byte back on a TCP connection, both ends on one CPU; the figure is the mean round trip in microseconds.</summary>
internal static class RequestResponse
{
    public static double Measure(PodPair pods, TrafficPlan plan)
    {
        using Socket listener = pods.Bind(SocketType.Stream, ProtocolType.Tcp);
        listener.Listen(1);
        IPEndPoint target = pods.TargetOf(listener);
        Task<int> server = TrafficThread.StartAsync(pods.Server, cpu: 1, () => Echo(listener));
        Task<double> client = TrafficThread.StartAsync(pods.Client, cpu: 1, () => Ask(target, plan));
        Task.WaitAll(client, server);
        return client.Result;
    }

    private static int Echo(Socket listener)
    {
        using Socket socket = listener.Accept();
        socket.NoDelay = true;
        socket.ReceiveTimeout = 5000;
        byte[] buffer = new byte[1];
        int rounds = 0;
        for (; socket.Receive(buffer) > 0; rounds++)
        {
            socket.Send(buffer);
        }

        return rounds;
    }

    private static double Ask(IPEndPoint target, TrafficPlan plan)
    {
        using Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 5000 };
        socket.Connect(target);
        byte[] buffer = new byte[1];
        Rounds(socket, buffer, plan.WarmUp);
        long begin = Stopwatch.GetTimestamp();
        int rounds = Rounds(socket, buffer, plan.Measure);
        return Stopwatch.GetElapsedTime(begin).TotalMicroseconds / rounds;
    }

    private static int Rounds(Socket socket, byte[] buffer, TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        int rounds = 0;
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            socket.Send(buffer);
            socket.Receive(buffer);
            rounds++;
        }

        return rounds;
    }
}
