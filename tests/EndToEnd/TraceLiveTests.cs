using System.Diagnostics;
using System.Text.Json;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft trace --live': packets that others send, each with what came back for it.</summary>
[Collection(SharedLabTests.Name)]
public sealed class TraceLiveTests(SharedLab shared)
{
    private RealLab Lab => shared.Lab;

    [KernelFact]
    public void Pings_of_somebody_else_are_followed_with_their_answers_and_nothing_but_them()
    {
        using Process trace = Follow("icmp and host 10.0.0.23", "-c", "3");
        Lab.Exec(Pods.Web, "ping", "-c", "2", "-i", "0.05", $"{Pods.EastAddress}");
        Lab.Exec(Pods.East, "ping", "-c", "3", "-i", "0.05", $"{Pods.WestAddress}");

        JsonElement[] packets = Read(trace, 3);

        string[] probe = TraceAnswer.Of(Lab, Pods.East, Pods.West).Hops("request");
        Assert.All(packets, packet =>
        {
            Assert.Equal("answered", packet.GetProperty("outcome").GetString());
            Assert.False(packet.TryGetProperty("culprit", out _));
            Assert.Equal(probe, TraceAnswer.Of(packet).Hops("request"));
            Assert.Equal(14, TraceAnswer.Of(packet).Hops("reply").Length);
        });
    }

    [KernelFact]
    public void A_packet_that_is_translated_on_the_way_stays_the_packet_that_was_asked_for()
    {
        using Process trace = Follow("icmp and host 10.0.1.180", "-c", "1");
        Lab.Exec(Pods.East, "ping", "-c", "1", "203.0.113.10");

        JsonElement packet = Assert.Single(Read(trace, 1));

        Assert.Equal("answered", packet.GetProperty("outcome").GetString());
        Assert.Equal("bpf1 node ens3 send", TraceAnswer.Of(packet).Hops("request")[^1]);
        Assert.Equal("bpf1 node ens3 receive", TraceAnswer.Of(packet).Hops("reply")[0]);
    }

    [KernelFact]
    public void Ends_stand_for_a_filter_and_a_lost_packet_has_a_culprit()
    {
        Lab.Exec(Pods.West, "nft", "add table inet fault; add chain inet fault c { type filter hook input priority 0; }; add rule inet fault c udp dport 9 drop");
        using Fault fault = new(() => Lab.Exec(Pods.West, "nft", "delete table inet fault"));
        using Process trace = WeftProgram.Start(WeftProgram.Path, "--lab", Lab.Name, "trace", Pods.East, $"{Pods.West}:9", "--live", "-o", "json");
        Assert.StartsWith("Following packets on bpf1, bpf2", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        Lab.Exec(Pods.East, "python3", "-c", "import socket; socket.socket(2, 2).sendto(b'lost', ('10.0.0.23', 9))");

        JsonElement packet = Assert.Single(Read(trace, 1, exitCode: 1));

        JsonElement culprit = packet.GetProperty("culprit");
        Assert.Equal(("firewall", "bpf2"), (culprit.GetProperty("kind").GetString(), culprit.GetProperty("node").GetString()));
    }

    [KernelFact]
    public void Nothing_to_follow_is_a_usage_error()
    {
        ToolResult result = Lab.WeftUnchecked("trace", "--live");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("from where to where?", result.Error, StringComparison.Ordinal);
    }

    private Process Follow(string filter, params string[] options)
    {
        Process trace = WeftProgram.Start(WeftProgram.Path, ["--lab", Lab.Name, "trace", "--live", filter, "-o", "json", .. options]);
        Assert.StartsWith("Following packets on bpf1, bpf2", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        return trace;
    }

    private static JsonElement[] Read(Process trace, int packets, int exitCode = 0)
    {
        Task<string> output = trace.StandardOutput.ReadToEndAsync();
        Assert.True(trace.WaitForExit(TimeSpan.FromSeconds(20)), "the trace does not end");
        Assert.Equal(exitCode, trace.ExitCode);
        JsonElement[] lines = [.. output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(packets, lines.Length);
        return lines;
    }
}
