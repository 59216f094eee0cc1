using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>64-byte UDP datagrams as fast as one thread sends them; the figure is what the server received, in packets a second.</summary>
internal static class UdpSmall
{
    private const int PayloadBytes = 64;

    public static double Measure(PodPair pods, TrafficPlan plan)
    {
        using Socket server = pods.Bind(SocketType.Dgram, ProtocolType.Udp);
        server.ReceiveBufferSize = 1 << 20;
        server.ReceiveTimeout = 2000;
        IPEndPoint target = pods.TargetOf(server);
        // Both ends have a CPU of their own: what is measured is the path, not the scheduler.
        Task<double> received = TrafficThread.StartAsync(pods.Server, cpu: 1, () => Receive(server, plan));
        Task<long> sent = TrafficThread.StartAsync(pods.Client, cpu: 0, () => Send(target, plan));
        Task.WaitAll(sent, received);
        return received.Result;
    }

    private static long Send(IPEndPoint target, TrafficPlan plan)
    {
        using Socket socket = new(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(target);
        byte[] payload = new byte[PayloadBytes];
        long stop = Stopwatch.GetTimestamp() + (long)((plan.WarmUp + plan.Measure).TotalSeconds * Stopwatch.Frequency * 1.1);
        long count = 0;
        while (Stopwatch.GetTimestamp() < stop)
        {
            for (int burst = 0; burst < 32; burst++, count++)
            {
                socket.Send(payload);
            }
        }

        return count;
    }

    private static double Receive(Socket socket, TrafficPlan plan)
    {
        byte[] buffer = new byte[PayloadBytes];
        socket.Receive(buffer);
        long begin = Stopwatch.GetTimestamp() + (long)(plan.WarmUp.TotalSeconds * Stopwatch.Frequency);
        long end = begin + (long)(plan.Measure.TotalSeconds * Stopwatch.Frequency);
        long count = 0;
        while (true)
        {
            socket.Receive(buffer);
            long now = Stopwatch.GetTimestamp();
            if (now >= end)
            {
                return count / plan.Measure.TotalSeconds;
            }

            if (now >= begin)
            {
                count++;
            }
        }
    }
}
