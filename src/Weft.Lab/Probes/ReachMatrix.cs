using System.Collections.Immutable;
using Weft.Lab.Programs;

namespace Weft.Lab.Probes;

/// <summary>Probes many pairs at once.</summary>
public static class ReachMatrix
{
    private const int ProbesAtOnce = 16;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <returns>In the order of the pairs.</returns>
    public static async Task<ImmutableArray<Reach>> ProbeAsync(string lab, IReadOnlyList<ProbePair> pairs, CancellationToken cancellationToken)
    {
        Reach[] results = new Reach[pairs.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = ProbesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, pairs.Count, options, async (index, stop) =>
        {
            ProbePair pair = pairs[index];
            using EchoProbe probe = new(LabMember.Find(lab, pair.Source));
            results[index] = new Reach(pair, await probe.SendAsync(pair.Address, s_timeout, stop));
        });
        return [.. results];
    }
}
