using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Topologies;

namespace Weft.Bench.Traffic;

/// <summary>UDP sockets made, connected to a service and closed: no packet leaves, so the socket programs have the largest share that they can have.</summary>
internal static class SocketConnects
{
    /// <param name="services">Those that are called, in turn.</param>
    /// <returns>Sockets a second.</returns>
    public static double Measure(ServiceNode node, IReadOnlyList<int> services, TrafficPlan plan) => TrafficThread.StartAsync(node.Pod, cpu: 1, () =>
    {
        IPEndPoint[] targets = [.. services.Select(service => new IPEndPoint(ServiceCluster.ClusterIP(service).ToIPAddress(), ServiceCluster.Port))];
        Rounds(targets, plan.WarmUp);
        long begin = Stopwatch.GetTimestamp();
        int rounds = Rounds(targets, plan.Measure);
        return rounds / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }).GetAwaiter().GetResult();

    private static int Rounds(IPEndPoint[] targets, TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; Stopwatch.GetElapsedTime(begin) < time; rounds++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(targets[rounds % targets.Length]);
        }

        return rounds;
    }
}
