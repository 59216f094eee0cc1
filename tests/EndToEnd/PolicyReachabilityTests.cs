using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Policy.Tests.Oracle;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>
/// Nine pods in three namespaces on two nodes, all calls among them, and policies that come, go and change while packets flow. What
/// may be is said by the oracle of the policy tests, rule by rule from the words of the APIs.
/// </summary>
public sealed class PolicyReachabilityTests : IDisposable
{
    private const int Policies = 60;
    private const int MostSteps = 400;
    private const int Streams = 3;

    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public async Task What_the_apis_say_is_what_gets_through_and_a_change_harms_nobody_else()
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_SEED") is { } given ? int.Parse(given, null) : Random.Shared.Next();
        Random random = new(seed);
        PolicyWorld world = new(_lab, random);
        _lab.Up(world.Topology());
        world.FindPods();
        using Reachability pods = new(_lab, world.PodNames);
        for (int step = 0; world.Applied < Policies; step++)
        {
            string where = $"seed {seed}, step {step}";
            Assert.True(step < MostSteps, $"{where}: {world.Applied} policies were applied so far");
            AddressFamily family = random.Next(2) == 0 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            Reachability.Call[] calls = [.. pods.Calls(family)];
            NaiveVerdicts oracleBefore = world.Oracle;
            PolicyWorld.Change change = world.Plan();
            NaiveVerdicts oracle = world.Oracle;
            Reachability.Call[] steady = [.. calls.Where(call => call.Protocol == ProtocolType.Udp && !change.Concerns(call))];
            CallStream[] passing = [.. Some(random, steady.Where(call => oracleBefore.Allows(world.FlowOf(call)) && oracle.Allows(world.FlowOf(call))))
                .Select(call => new CallStream(pods, call))];
            CallStream[] stopped = [.. Some(random, steady.Where(call => world.IsStopped(oracleBefore, oracle, call))).Select(call => new CallStream(pods, call))];
            try
            {
                await change.Apply();
                Reachability.Call[] expected = [.. calls.Where(call => oracle.Allows(world.FlowOf(call)))];
                await ConvergesAsync(pods, calls, expected, $"{where}, {change.What}", world);
                foreach (CallStream stream in passing.Concat(stopped))
                {
                    await stream.StopAsync();
                }

                foreach (CallStream stream in passing)
                {
                    int arrived = await stream.ArrivedAsync(waits: true);
                    Assert.True(stream.Sent == arrived, $"{where}, {change.What}: of {stream.Call}, allowed before and after, {arrived} of {stream.Sent} arrived\n{world}");
                }

                foreach (CallStream stream in stopped)
                {
                    int arrived = await stream.ArrivedAsync(waits: false);
                    Assert.True(arrived == 0, $"{where}, {change.What}: of {stream.Call}, denied before and after, {arrived} of {stream.Sent} arrived\n{world}");
                }
            }
            finally
            {
                Array.ForEach([.. passing, .. stopped], stream => stream.Dispose());
            }
        }
    }

    private static async Task ConvergesAsync(
        Reachability pods, Reachability.Call[] calls, Reachability.Call[] expected, string where, PolicyWorld world)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            HashSet<Reachability.Call> arrived = await pods.TryAsync(calls, expected);
            if (arrived.SetEquals(expected))
            {
                return;
            }

            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Eventually.DefaultDeadline)
            {
                Assert.Fail($"{where}:\nmust arrive and do not:\n  {string.Join("\n  ", expected.Where(call => !arrived.Contains(call)).Take(12))}\n"
                    + $"arrive and must not:\n  {string.Join("\n  ", arrived.Except(expected).Take(12))}\n{world}");
            }
        }
    }

    private static IEnumerable<Reachability.Call> Some(Random random, IEnumerable<Reachability.Call> calls) =>
        calls.OrderBy(_ => random.Next()).Take(Streams);
}
