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
        using SingleNode free = new(program, "free");
        using SingleNode ruled = new(program, "ruled");
        free.StartAgent();
        ruled.StartAgent();
        using AgentClient toFree = new(free.Socket);
        using AgentClient toRuled = new(ruled.Socket);
        Apply(toRuled);
        progress($"{Pods} pods made with a policy and without");
        using PodNamespaces freePods = new(Pods, "free");
        using PodNamespaces ruledPods = new(Pods, "ruled");
        Sample without = new();
        Sample with = new();
        List<(AgentClient Agent, string Id)> made = [];
        foreach ((string freePod, string ruledPod) in freePods.Names.Zip(ruledPods.Names))
        {
            without.Add(Timing.Milliseconds(() => made.Add((toFree, Create(toFree, freePod)))));
            with.Add(Timing.Milliseconds(() => made.Add((toRuled, Create(toRuled, ruledPod)))));
        }

        progress("and removed");
        made.ForEach(each => each.Agent.DeleteEndpointAsync(each.Id).GetAwaiter().GetResult());
        return
        [
            new Figure(PolicyFigures.Name, "endpoint creation, no policy, p50", "ms", Spread.Of(without), Baseline: null, Ratio: null, Target: null),
            new Figure(PolicyFigures.Name, "endpoint creation, under policy, p50", "ms", Spread.Of(with), "no policy", Spread.Of(without.Over(with)), Target: null),
            new Figure(PolicyFigures.Name, $"endpoint creation, under policy, p99 of {Pods}", "ms", Spread.Single(with.Percentile(0.99)), "no policy",
                Spread.Single(without.Percentile(0.99) / with.Percentile(0.99)), Target: null),
        ];
    }

    /// <summary>Returns when the node's datapath has it.</summary>
    private static void Apply(AgentClient agent)
    {
        long before = agent.GetPoliciesAsync().GetAwaiter().GetResult().Revision;
        agent.PutPoliciesAsync(Policy, "bench").GetAwaiter().GetResult();
        while (agent.GetPoliciesAsync().GetAwaiter().GetResult().Revision == before)
        {
            Thread.Sleep(1); // the agent needs the CPU
        }
    }

    private static string Create(AgentClient agent, string pod)
    {
        EndpointResource made = agent.CreateEndpointAsync(new EndpointChangeRequest
        {
            ContainerId = pod,
            K8sNamespace = "default",
            K8sPodName = pod,
            Netns = Path.Combine(NetworkNamespace.Directory, pod),
            Labels = ["k8s:app=bench", "k8s:io.kubernetes.pod.namespace=default"],
        }).GetAwaiter().GetResult();
        return made.Id.ToString(CultureInfo.InvariantCulture);
    }
}
