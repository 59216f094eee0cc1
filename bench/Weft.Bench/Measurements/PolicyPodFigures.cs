using System.Collections.Concurrent;
using System.Globalization;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Linux;

namespace Weft.Bench.Measurements;

/// <summary>What a pod waits for when its node has a policy for it, beside a node that has none.</summary>
internal static class PolicyPodFigures
{
    private const int Pods = 100;

    /// <summary>As many pods as kubelet starts at a time on a small node, more or less.</summary>
    private const int AtATime = 10;

    private const string NoPolicy = "no policy";

    private const string Policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: bench, namespace: default }
        spec:
          podSelector: { matchLabels: { app: bench } }
          policyTypes: [Ingress, Egress]
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }, { port: 443 }] }]
          egress: [{ to: [{ podSelector: {} }] }, { ports: [{ port: 53, protocol: UDP }] }]
        """;

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        string program = Path.Combine(Path.GetDirectoryName(options.Weft)!, "weft-agent");
        using SingleNode freeNode = new(program, "free");
        using SingleNode ruledNode = new(program, "ruled");
        freeNode.StartAgent();
        ruledNode.StartAgent();
        using PodNamespaces freePods = new(Pods, "free");
        using PodNamespaces ruledPods = new(Pods, "ruled");
        using Side free = new(freeNode.Socket, freePods);
        using Side ruled = new(ruledNode.Socket, ruledPods);
        ruled.Apply(Policy);
        return [.. OneByOne(free, ruled, progress), .. AtOnce(free, ruled, options, progress)];
    }

    private static IEnumerable<Figure> OneByOne(Side free, Side ruled, Action<string> progress)
    {
        progress($"{Pods} pods with a policy and without, one after the other");
        (Sample make, Sample makeRuled, Sample delete, Sample deleteRuled) = (new Sample(), new Sample(), new Sample(), new Sample());
        for (int pod = 0; pod < Pods; pod++)
        {
            make.Add(Timing.Milliseconds(() => free.Create(pod)));
            makeRuled.Add(Timing.Milliseconds(() => ruled.Create(pod)));
        }

        for (int pod = 0; pod < Pods; pod++)
        {
            delete.Add(Timing.Milliseconds(free.DeleteOne));
            deleteRuled.Add(Timing.Milliseconds(ruled.DeleteOne));
        }

        return [.. Of("creation", make, makeRuled), .. Of("deletion", delete, deleteRuled)];
    }

    private static IEnumerable<Figure> Of(string what, Sample free, Sample ruled)
    {
        (double worst, double worstRuled) = (free.Percentile(0.99), ruled.Percentile(0.99));
        return
        [
            new Figure(PolicyFigures.Name, $"endpoint {what}, {NoPolicy}", "ms", Spread.Of(free), Baseline: null, Ratio: null, Target: null),
            new Figure(PolicyFigures.Name, $"endpoint {what} under policy", "ms", Spread.Of(ruled), NoPolicy, Spread.Of(free.Over(ruled)), Target: null),
            new Figure(
                PolicyFigures.Name, $"endpoint {what} under policy, p99 of {Pods}", "ms", Spread.Single(worstRuled), NoPolicy, Spread.Single(worst / worstRuled),
                Target: null),
        ];
    }

    private static IEnumerable<Figure> AtOnce(Side free, Side ruled, BenchOptions options, Action<string> progress)
    {
        (Sample without, Sample with) = (new Sample(), new Sample());
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress($"{Pods} pods with a policy and without, {AtATime} at a time ({repetition + 1} of {options.Repetitions})");
            foreach ((Side side, Sample sample) in new[] { (free, without), (ruled, with) })
            {
                sample.Add(Timing.Milliseconds(() => InParallel(side.Create)) / Pods);
                InParallel(_ => side.DeleteOne());
            }
        }

        string many = $"{Pods} endpoints, {AtATime} at a time";
        return
        [
            new Figure(PolicyFigures.Name, $"{many}, {NoPolicy}", "ms/endpoint", Spread.Of(without), Baseline: null, Ratio: null, Target: null),
            new Figure(PolicyFigures.Name, $"{many}, under policy", "ms/endpoint", Spread.Of(with), NoPolicy, Spread.Of(without.Over(with)), Target: null),
        ];
    }

    private static void InParallel(Action<int> action) => Parallel.For(0, Pods, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, action);

    /// <summary>A node's agent and what stands for sandboxes there.</summary>
    private sealed class Side(string socket, PodNamespaces pods) : IDisposable
    {
        private readonly AgentClient _agent = new(socket);
        private readonly ConcurrentQueue<string> _made = [];

        /// <summary>Returns when the node's datapath has the policy.</summary>
        public void Apply(string policy)
        {
            long before = _agent.GetPoliciesAsync().GetAwaiter().GetResult().Revision;
            _agent.PutPoliciesAsync(policy, "bench").GetAwaiter().GetResult();
            while (_agent.GetPoliciesAsync().GetAwaiter().GetResult().Revision == before)
            {
                Thread.Sleep(1); // the agent needs the CPU
            }
        }

        public void Create(int pod)
        {
            EndpointResource made = _agent.CreateEndpointAsync(new EndpointChangeRequest
            {
                ContainerId = pods.Names[pod],
                K8sNamespace = "default",
                K8sPodName = pods.Names[pod],
                Netns = Path.Combine(NetworkNamespace.Directory, pods.Names[pod]),
                Labels = ["k8s:app=bench", "k8s:io.kubernetes.pod.namespace=default"],
            }).GetAwaiter().GetResult();
            _made.Enqueue(made.Id.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>The one that is there longest.</summary>
        public void DeleteOne()
        {
            if (_made.TryDequeue(out string? id))
            {
                _agent.DeleteEndpointAsync(id).GetAwaiter().GetResult();
            }
        }

        public void Dispose() => _agent.Dispose();
    }
}
