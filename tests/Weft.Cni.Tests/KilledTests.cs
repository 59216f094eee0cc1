using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>An ADD that is killed on its way, by strace, which sends the signal as the process enters a system call.</summary>
public sealed partial class KilledTests
{
    /// <summary>More places are not worth their time; they are spread evenly.</summary>
    private const int MaxPlaces = 60;

    [KernelFact]
    public async Task A_plugin_that_is_killed_at_any_step_leaves_nothing_unless_its_result_was_out()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        IReadOnlyList<(string Call, int Nth)> places = await PlacesAsync(node, pod);
        string before = await NodeRemains.ReadAsync(node);
        int silent = 0;
        int step = Math.Max(1, places.Count / MaxPlaces);
        for (int place = 0; place < places.Count; place += step)
        {
            (string call, int nth) = places[place];
            CniAnswer answer = await AddUnderStraceAsync(node, pod, "-o", "/dev/null", "-e", $"inject={call}:signal=SIGKILL:when={nth}");

            if (IsResult(answer.Output))
            {
                (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();
            }
            else
            {
                silent++;
            }

            await NodeRemains.AreAsync(node, before, $"an ADD that was killed at {call} {nth}");
        }

        Assert.InRange(silent, 5, MaxPlaces * 2);
    }

    /// <summary>System calls by which an ADD changes something, and how many of each a thread may make before it is killed.</summary>
    [KernelTheory]
    [InlineData("bpf", 9)]
    [InlineData("sendto", 7)]
    [InlineData("rename", 2)]
    [InlineData("pwrite64", 6)]
    public async Task An_agent_that_is_killed_at_any_step_leaves_nothing_when_it_is_back(string call, int most)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        // Once, so that what the first pod brings along (code that is compiled, lines of a log) is not part of the count.
        await CniProgram.CallAsync(node, pod, "ADD");
        (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();
        string before = await NodeRemains.ReadAsync(node);
        int killed = 0;
        for (int place = 1; place <= most; place++)
        {
            CniAnswer answer = await AddWithMortalAgentAsync(node, pod, $"inject={call}:signal=SIGKILL:when={place}");
            if (await HasEndedAsync(node))
            {
                killed++;
                await node.StartAsync();
            }

            if (answer.ExitCode == 0)
            {
                (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();
            }
            else
            {
                Assert.Equal(11, answer.ErrorCode);
            }

            await NodeRemains.AreAsync(node, before, $"an ADD whose agent was killed at {call} {place}");
        }

        Assert.True(killed > 0, $"no agent was killed at any {call}");
    }

    /// <summary>Traces one ADD, and undoes it. strace counts calls of each name by themselves.</summary>
    /// <returns>The main thread's system calls from shortly before it asks the agent to the last one.</returns>
    private static async Task<IReadOnlyList<(string Call, int Nth)>> PlacesAsync(TestNode node, TestNamespace pod)
    {
        string trace = Path.Combine(node.Directory, "trace");
        CniAnswer added = await AddUnderStraceAsync(node, pod, "-o", trace);
        Assert.True(added.ExitCode == 0, added.Output + added.Error);
        (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();
        string[] lines = await File.ReadAllLinesAsync(trace);
        string main = lines[0].Split(' ')[0];
        string[] calls = [.. lines.Where(line => line.StartsWith(main + " ", StringComparison.Ordinal) && SystemCall().IsMatch(line))];
        int connect = Array.FindIndex(calls, line => line.Contains(" connect(", StringComparison.Ordinal) && line.Contains(node.Socket, StringComparison.Ordinal));
        Assert.InRange(connect, 10, calls.Length - 5);
        string[] names = [.. calls.Select(line => SystemCall().Match(line).Groups[1].Value)];
        return [.. Enumerable.Range(0, names.Length).Skip(connect - 5).Select(at => (names[at], names.Take(at + 1).Count(name => name == names[at])))];
    }

    private static async Task<CniAnswer> AddUnderStraceAsync(TestNode node, TestNamespace pod, params string[] options)
    {
        using Process process = CniProgram.Start(new ProcessStartInfo("strace", ["-f", "-qq", .. options, CniProgram.Native]), pod.Path, "ADD");
        return await CniProgram.FinishAsync(process, CniCall.Config(node.Socket));
    }

    private static async Task<CniAnswer> AddWithMortalAgentAsync(TestNode node, TestNamespace pod, string injection)
    {
        ProcessStartInfo start = new(
            "strace", ["-f", "-o", "/dev/null", "-e", injection, "-p", node.Agent!.Id.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
        };
        using Process strace = Process.Start(start)!;
        try
        {
            // 'Process … attached with … threads'; an agent that is at work at this moment may be killed at once.
            await Eventually.ArrivesAsync("strace is attached", strace.StandardError.ReadLineAsync());
            return await CniProgram.CallAsync(node, pod, "ADD");
        }
        finally
        {
            // Not by a signal that it could handle: it waits for threads of the dead that nobody else reaps. The living run on.
            strace.Kill();
            await strace.WaitForExitAsync();
        }
    }

    /// <summary>A connection to the agent tells: it refuses as soon as the process is dead.</summary>
    private static async Task<bool> HasEndedAsync(TestNode node)
    {
        CniAnswer status = await CniProgram.CallAsync(node, "/run/netns/any", "STATUS");
        return status.ExitCode != 0;
    }

    private static bool IsResult(string output)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(output);
            return document.RootElement.TryGetProperty("ips", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\d+ +([a-z_0-9]+)\(")]
    private static partial Regex SystemCall();
}
