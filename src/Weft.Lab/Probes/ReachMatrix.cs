using System.Collections.Immutable;
using System.Net;
using Weft.Lab.Programs;
using Weft.Lab.Topology;

namespace Weft.Lab.Probes;

/// <summary>Probes every pod from every other one.</summary>
public static class ReachMatrix
{
    private const int ProbesAtOnce = 16;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <param name="addresses">Of every pod, by name.</param>
    public static async Task<ImmutableArray<PodReach>> ProbeAsync(
        string lab,
        IReadOnlyCollection<PodSpec> sources,
        IReadOnlyCollection<PodSpec> destinations,
        IReadOnlyDictionary<string, IPAddress> addresses,
        CancellationToken cancellationToken)
    {
        (PodSpec Source, PodSpec Destination)[] pairs =
            [.. from source in sources from destination in destinations where source != destination select (source, destination)];
        PodReach[] results = new PodReach[pairs.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = ProbesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, pairs.Length, options, async (index, stop) =>
        {
            (PodSpec source, PodSpec destination) = pairs[index];
            using EchoProbe probe = new(LabMember.Find(lab, source.Name));
            results[index] = new PodReach(source, destination, await probe.SendAsync(addresses[destination.Name], s_timeout, stop));
        });
        return [.. results];
    }
}
