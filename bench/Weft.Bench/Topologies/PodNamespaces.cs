using System.Diagnostics;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;

namespace Weft.Bench.Topologies;

/// <summary>Empty namespaces that stand for sandboxes.</summary>
internal sealed class PodNamespaces : IDisposable
{
    /// <param name="tag">Tells those of one run apart.</param>
    public PodNamespaces(int count, string tag = "pod")
    {
        for (int pod = 0; pod < count; pod++)
        {
            string name = $"weft-bench-{Environment.ProcessId}-{tag}{pod}";
            NetworkNamespace.Create(name).Dispose();
            Names.Add(name);
        }
    }

    public List<string> Names { get; } = [];

    public static double TimeBareVeth(string pod)
    {
        using NetworkNamespace other = NetworkNamespace.Open(pod);
        using NetworkNamespace scratch = NetworkNamespace.CreateAnonymous();
        using RtNetlink netlink = RtNetlink.Open(scratch);
        long begin = Stopwatch.GetTimestamp();
        netlink.Links.CreateVeth("bare", new LinkSettings { Up = true }, "bare0", new LinkSettings { Namespace = other, Up = true });
        double time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        netlink.Links.Delete("bare");
        return time;
    }

    public void Dispose()
    {
        foreach (string name in Names)
        {
            NetworkNamespace.Delete(name);
        }
    }
}
