using System.Diagnostics;
using Weft.Api;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>From the call that applies a policy on one node until a pod of the other node gets no packets any more, or gets them again.</summary>
internal static class PolicyChangeFigures
{
    /// <summary>Of each kind.</summary>
    private const int Changes = 100;
    private const int QuickChanges = 10;

    private const int ToldEach = 25;

    /// <summary>Not counted: the first call opens the connection, and more.</summary>
    private const int WarmUp = 3;

    /// <summary>Milliseconds, of the 99th percentile.</summary>
    private const double Target = 100;

    private const string Nobody = "";

    /// <summary>The table changes in one element.</summary>
    private const string Like = "{ from: [{ podSelector: { matchLabels: { app: cni } } }] }";

    /// <summary>The table is swapped for another.</summary>
    private const string Everybody = "{}";

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        progress("a lab with two nodes, for policy");
        using WeftLab lab = new(options.Weft);
        using AgentClient agent = new(lab.Paths.Socket(WeftLab.Nodes[0]));
        using PacketPulse pulse = new(lab.Pods);
        pulse.AwaitOpen(closed: -1);
        List<Figure> figures = [];
        foreach ((string peers, string whom) in new[] { ("one peer", Like), ("everybody", Everybody) })
        {
            figures.AddRange(Measure(options, agent, pulse, peers, whom, progress));
        }

        figures.Add(new Figure(PolicyFigures.Name, "between two packets of the stream", "us", Spread.Single(pulse.MeanGap), Baseline: null, Ratio: null, Target: 200));
        return figures;
    }

    private static IEnumerable<Figure> Measure(
        BenchOptions options, AgentClient agent, PacketPulse pulse, string peers, string whom, Action<string> progress)
    {
        int changes = options.Plan == TrafficPlan.Quick ? QuickChanges : Changes;
        (Sample denied, Sample allowed, Sample calls) = (new Sample(), new Sample(), new Sample());
        for (int change = -WarmUp; change < changes; change++)
        {
            if (change % ToldEach == 0)
            {
                progress($"{peers} denied and allowed ({change + 1} of {changes})");
            }

            (double deny, double call) = Apply(agent, Nobody, pulse.AwaitClosed);
            int last = pulse.Last;
            (double allow, double callAgain) = Apply(agent, whom, () => pulse.AwaitOpen(last));
            if (change >= 0)
            {
                denied.Add(deny);
                allowed.Add(allow);
                calls.Add(call);
                calls.Add(callAgain);
            }
        }

        return
        [
            .. Figures($"{peers} denied on the other node", denied),
            .. Figures($"{peers} allowed on the other node", allowed),
            new Figure(PolicyFigures.Name, $"{peers}, the call alone", "ms", Spread.Of(calls), Baseline: null, Ratio: null, Target: null),
        ];
    }

    /// <returns>Milliseconds until the effect, and until the call returned.</returns>
    private static (double Effect, double Call) Apply(AgentClient agent, string ingress, Func<long> awaitEffect)
    {
        string policy = $$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: bench, namespace: default }
            spec:
              podSelector: { matchLabels: { app: cni } }
              policyTypes: [Ingress]
              ingress: [{{ingress}}]
            """;
        long began = Stopwatch.GetTimestamp();
        agent.PutPoliciesAsync(policy, "bench").GetAwaiter().GetResult();
        double call = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return (Stopwatch.GetElapsedTime(began, awaitEffect()).TotalMilliseconds, call);
    }

    private static List<Figure> Figures(string what, Sample times) =>
    [
        new Figure(PolicyFigures.Name, $"{what}, p50", "ms", Spread.Of(times), Baseline: null, Ratio: null, Target: null),
        new Figure(PolicyFigures.Name, $"{what}, p99 of {times.Count}", "ms", Spread.Single(times.Percentile(0.99)), Baseline: null, Ratio: null, Target),
        new Figure(PolicyFigures.Name, $"{what}, most of {times.Count}", "ms", Spread.Single(times.Maximum), Baseline: null, Ratio: null, Target: null),
    ];
}
