using System.Collections.Concurrent;
using System.Diagnostics;
using EndToEnd.Harness;
using Runtimes.Harness;
using Weft.Tests.Shared;

namespace Runtimes;

/// <summary>As many pods on a node as its range has addresses for.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class ManyPodsTests(RuntimeLab shared)
{
    private const int Many = 245;
    private const int AtOnce = 8;

    [RuntimeFact]
    public void A_node_full_of_pods_gives_each_an_address_of_its_own_and_takes_all_back()
    {
        int before = EndpointView.List(shared.Lab, Pods.EastNode).Count;
        ConcurrentBag<string> sandboxes = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = AtOnce };
        long began = Stopwatch.GetTimestamp();
        Parallel.For(0, Many, parallel, _ => sandboxes.Add(shared.Cri.RunSandbox(CriPods.Configuration(new Dictionary<string, string> { ["app"] = "many" }))));
        TestContext.Current.SendDiagnosticMessage("{0} sandboxes in {1}", Many, Stopwatch.GetElapsedTime(began));

        HashSet<string> own = [.. sandboxes];
        IReadOnlyList<EndpointView> endpoints = Eventually.Passes(() =>
        {
            IReadOnlyList<EndpointView> all = [.. EndpointView.List(shared.Lab, Pods.EastNode).Where(endpoint => own.Contains(endpoint.ContainerId))];
            Assert.All(all, endpoint => Assert.Contains("k8s:app=many", endpoint.Labels));
            return all;
        });
        Assert.Equal(Many, endpoints.Count);
        Assert.Equal(2 * Many, endpoints.SelectMany(endpoint => endpoint.Addresses).Distinct().Count());
        Assert.Single(endpoints.Select(endpoint => endpoint.Identity).Distinct());
        foreach (string address in endpoints.SelectMany(endpoint => endpoint.Addresses).Where((_, number) => number % 20 == 0))
        {
            shared.Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", address);
        }

        began = Stopwatch.GetTimestamp();
        Parallel.ForEach(sandboxes, parallel, shared.Cri.Remove);
        TestContext.Current.SendDiagnosticMessage("and gone in {0}", Stopwatch.GetElapsedTime(began));
        Assert.Equal(before, EndpointView.List(shared.Lab, Pods.EastNode).Count);
    }
}
