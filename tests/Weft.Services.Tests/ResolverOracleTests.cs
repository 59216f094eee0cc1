using System.Diagnostics;
using System.Net;

namespace Weft.Services.Tests;

/// <summary>Random changes, worked out step by step, against the naive table of all that is there.</summary>
public sealed class ResolverOracleTests
{
    [Fact]
    public void Changes_lead_where_a_fresh_look_would()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int run = 0; run < 40; run++)
        {
            RandomCluster cluster = new(random);
            ServiceResolver resolver = new(Sample.Here);
            for (int step = 0; step < 100; step++)
            {
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                {
                    cluster.Step(resolver);
                }

                ServiceTable before = resolver.Table;
                IReadOnlySet<FrontendKey> told = resolver.Resolve();
                string where = $"seed {seed}, run {run}, step {step}";
                AssertSame(NaiveResolver.Resolve(cluster.Services.Values, cluster.Slices.Values), NaiveResolver.Lines(resolver.Table), where);
                AssertSame(NaiveResolver.Overlapping(cluster.Services.Values), Overlaps(resolver.Table), where);
                AssertSame(Differences(before, resolver.Table), [.. told.Select(key => $"{key}").Order(StringComparer.Ordinal)], where);
            }
        }
    }

    /// <summary>A change of one among 10,000 costs what it touches: about as much as among 100.</summary>
    [Fact]
    public void One_change_among_many_services_is_cheap()
    {
        ServiceResolver few = Filled(100);
        ServiceResolver many = Filled(10_000);

        long least = Allocated(few);
        long most = Allocated(many);

        Assert.True(most < least * 3, $"a change allocates {least} bytes among 100 services and {most} among 10,000");
    }

    private static ServiceResolver Filled(int services)
    {
        ServiceResolver resolver = new(Sample.Here);
        for (int i = 0; i < services; i++)
        {
            resolver.PutService(Sample.Service($"shop/s{i}", new IPAddress([10, 96, (byte)(i / 250), (byte)((i % 250) + 1)]).ToString()), i);
        }

        Stopwatch watch = Stopwatch.StartNew();
        resolver.Resolve();
        TestContext.Current.SendDiagnosticMessage($"{services} services resolved in {watch.Elapsed.TotalMilliseconds:F1} ms");
        return resolver;
    }

    private static long Allocated(ServiceResolver resolver)
    {
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            resolver.PutService(Sample.Service("shop/s7", $"10.97.0.{i + 1}"), 7);
            Assert.Equal(2, resolver.Resolve().Count);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static List<string> Overlaps(ServiceTable table) =>
        [.. table.Problems.Where(p => p.Message.Contains(" belongs to service ", StringComparison.Ordinal))
            .Select(p => $"{p.Service} {p.Message.Split(' ')[0]}").Order(StringComparer.Ordinal)];

    private static List<string> Differences(ServiceTable before, ServiceTable after) =>
        [.. before.Frontends.Keys.Union(after.Frontends.Keys)
            .Where(key => before.Frontends.GetValueOrDefault(key) != after.Frontends.GetValueOrDefault(key))
            .Select(key => $"{key}").Order(StringComparer.Ordinal)];

    private static void AssertSame(List<string> expected, List<string> actual, string where) => Assert.True(
        expected.SequenceEqual(actual),
        $"{where}\nmissing:\n  {string.Join("\n  ", expected.Except(actual))}\ntoo much:\n  {string.Join("\n  ", actual.Except(expected))}");
}
