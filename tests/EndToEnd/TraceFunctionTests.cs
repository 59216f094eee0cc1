using System.Diagnostics;
using System.Text.Json;
using EndToEnd.Harness;

namespace EndToEnd;

/// <summary>'weft trace kernel' where the kernel lets programs run at its functions.</summary>
public sealed class TraceFunctionTests : IDisposable
{
    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFunctionFact]
    public void Every_function_that_a_ping_passes_is_shown()
    {
        _lab.Up(Topologies.Pair);
        using KernelView view = KernelView.Follow(_lab, "--all-kmods", "--output-stack", $"icmp and host {Pods.WestAddress}");
        string attached = view.Note("Attached to");

        // Thousands of functions with their stacks: a slow reader may lose some of one packet's, and says so.
        using Process ping = WeftProgram.Start(
            WeftProgram.Path, "--lab", _lab.Name, "lab", "exec", Pods.East, "--", "ping", "-c", "40", "-i", "3", $"{Pods.WestAddress}");

        try
        {
            IReadOnlyList<JsonElement> lines = view.Until(
                line => Function(line) == "ip_output" && Netns(line) == "default/cni-6vf5d",
                line => Function(line) == "vxlan_xmit" && line.GetProperty("node").GetString() == Pods.EastNode,
                line => Function(line) == "vxlan_rcv" && line.GetProperty("node").GetString() == Pods.WestNode,
                line => Function(line) == "icmp_rcv" && Netns(line) == "default/cni-j22kt");
            Assert.Contains(lines, line => Function(line) == "ip_output" && line.GetProperty("stack").EnumerateArray().Any(frame => frame.GetString() == "raw_sendmsg" || frame.GetString() == "ping_v4_sendmsg"));
        }
        finally
        {
            ping.Kill();
        }

        Assert.True(int.Parse(attached.Split(' ')[2], null) > 1000, attached);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFunctionFact]
    public void Only_functions_of_the_names_asked_for_are_shown_and_a_tracked_packet_in_all_namespaces()
    {
        _lab.Up(Topologies.Pair);
        using KernelView view = KernelView.Follow(
            _lab, "--filter-func", "ip_rcv|dev_hard_start_xmit|icmp_.*", "--filter-netns", Pods.East, "--filter-track-skb", "icmp");

        _lab.Exec(Pods.East, "ping", "-c", "2", $"{Pods.WestAddress}");

        IReadOnlyList<JsonElement> lines = view.Until(
            line => Function(line) == "dev_hard_start_xmit" && Netns(line) == "default/cni-6vf5d",
            line => Function(line) == "dev_hard_start_xmit" && Netns(line) == "node" && line.TryGetProperty("vni", out _));
        Assert.All(lines, line => Assert.Matches("^(ip_rcv|dev_hard_start_xmit|icmp_.*)$", line.GetProperty("func").GetString()));
    }

    private static string? Function(JsonElement line) => line.GetProperty("point").GetString() == "function" ? line.GetProperty("func").GetString() : null;

    private static string? Netns(JsonElement line) => line.TryGetProperty("netns", out JsonElement name) ? name.GetString() : null;
}
