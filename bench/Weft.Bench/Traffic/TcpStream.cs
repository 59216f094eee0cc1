using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>Bulk TCP from client to server over a number of connections; the figure is what the server received, in Gbit/s.</summary>
internal static class TcpStream
{
    private const int BufferBytes = 128 * 1024;

    public static double Measure(PodPair pods, TrafficPlan plan, int streams)
    {
        using Socket listener = pods.Bind(SocketType.Stream, ProtocolType.Tcp);
        listener.Listen(streams);
        IPEndPoint target = pods.TargetOf(listener);
        Task<double>[] receivers = new Task<double>[streams];
        Task<int>[] senders = new Task<int>[streams];
        long stop = Stopwatch.GetTimestamp() + Ticks(plan.WarmUp + plan.Measure);
        for (int stream = 0; stream < streams; stream++)
        {
            receivers[stream] = TrafficThread.StartAsync(pods.Server, cpu: null, () => Receive(listener, plan));
            senders[stream] = TrafficThread.StartAsync(pods.Client, cpu: null, () => Send(target, stop + Ticks(TimeSpan.FromMilliseconds(100))));
        }

        Task.WaitAll([.. senders, .. receivers]);
        return receivers.Sum(receiver => receiver.Result);
    }

    private static int Send(IPEndPoint server, long stop)
    {
        using Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SendTimeout = 5000;
        socket.Connect(server);
        byte[] buffer = new byte[BufferBytes];
        int calls = 0;
        while (Stopwatch.GetTimestamp() < stop)
        {
            socket.Send(buffer);
            calls++;
        }

        socket.Shutdown(SocketShutdown.Send);
        return calls;
    }

    private static double Receive(Socket listener, TrafficPlan plan)
    {
        using Socket socket = listener.Accept();
        socket.ReceiveTimeout = 5000;
        byte[] buffer = new byte[BufferBytes];
        long begin = Stopwatch.GetTimestamp() + Ticks(plan.WarmUp);
        long end = begin + Ticks(plan.Measure);
        long bytes = 0;
        for (int count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
        {
            long now = Stopwatch.GetTimestamp();
            if (now >= begin && now < end)
            {
                bytes += count;
            }
        }

        return bytes * 8 / plan.Measure.TotalSeconds / 1e9;
    }

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);
}
