using System.Diagnostics;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Linux;

namespace Weft.Bench.Measurements;

/// <summary>What a person or a container runtime waits for: the agent's start, endpoints made and removed, <c>weft status</c>, and the agent's memory.</summary>
internal static class AgentFigures
{
    public const string Name = "agent";

    private const int Endpoints = 100;

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            return [];
        }

        using SingleNode node = new(Path.Combine(Path.GetDirectoryName(options.Weft)!, "weft-agent"));
        List<Figure> figures = [Ready(node, options, progress)];
        progress($"{Endpoints} endpoints made and removed");
        using (PodNamespaces pods = new(Endpoints))
        {
            figures.AddRange(EndpointLife(node, pods));
        }

        progress("weft status");
        figures.AddRange(Status(node, options));
        return figures;
    }

    private static Figure Ready(SingleNode node, BenchOptions options, Action<string> progress)
    {
        Sample ready = new();
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress($"agent start ({repetition + 1} of {options.Repetitions})");
            node.StopAgent();
            ready.Add(node.StartAgent().TotalMilliseconds);
        }

        return new Figure(Name, "ready after start", "ms", Spread.Of(ready), Baseline: null, Ratio: null, Target: 1000);
    }

    private static IEnumerable<Figure> EndpointLife(SingleNode node, PodNamespaces pods)
    {
        using AgentClient client = new(node.Socket);
        Sample create = new();
        Sample delete = new();
        Sample devices = new();
        List<string> ids = [];
        foreach (string pod in pods.Names)
        {
            // The floor under every CNI: the kernel's own time to make a veth pair into the same namespace.
            devices.Add(PodNamespaces.TimeBareVeth(pod));
            long begin = Stopwatch.GetTimestamp();
            EndpointResource made = client.CreateEndpointAsync(new EndpointChangeRequest
            {
                ContainerId = pod,
                K8sNamespace = "default",
                K8sPodName = pod,
                Netns = Path.Combine(NetworkNamespace.Directory, pod),
                Labels = ["k8s:app=bench", "k8s:io.kubernetes.pod.namespace=default"],
            }).GetAwaiter().GetResult();
            create.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            ids.Add(made.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        node.Agent.Refresh();
        double memory = node.Agent.WorkingSet64 / (double)(1 << 20);
        foreach (string id in ids)
        {
            long begin = Stopwatch.GetTimestamp();
            client.DeleteEndpointAsync(id).GetAwaiter().GetResult();
            delete.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return
        [
            new Figure(Name, "endpoint creation p50", "ms", Spread.Of(create), Baseline: null, Ratio: null, Target: 20),
            new Figure(Name, "endpoint creation p99", "ms", Spread.Single(create.Percentile(0.99)), Baseline: null, Ratio: null, Target: 50),
            new Figure(Name, "endpoint creation", "ms", Spread.Of(create), "bare veth pair", Spread.Of(devices.Over(create)), Target: null),
            new Figure(Name, "endpoint deletion p50", "ms", Spread.Of(delete), Baseline: null, Ratio: null, Target: null),
            new Figure(Name, $"memory with {Endpoints} endpoints", "MiB", Spread.Single(memory), Baseline: null, Ratio: null, Target: 60),
        ];
    }

    private static IEnumerable<Figure> Status(SingleNode node, BenchOptions options)
    {
        Sample status = new();
        Sample nothing = new();
        for (int repetition = 0; repetition < Math.Max(options.Repetitions, 11); repetition++)
        {
            nothing.Add(Time("/bin/true"));
            status.Add(Time(options.Weft, "--socket", node.Socket, "status"));
        }

        return
        [
            new Figure(Name, "weft status", "ms", Spread.Of(status), Baseline: null, Ratio: null, Target: 50),
            new Figure(Name, "weft status", "ms", Spread.Of(status), "/bin/true", Spread.Of(nothing.Over(status)), Target: null),
        ];
    }

    private static double Time(string program, params string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return process.ExitCode == 0
            ? time
            : throw new InvalidOperationException($"run {program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
    }
}
