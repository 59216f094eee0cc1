using System.Diagnostics;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Pods come and go while the lab is up.</summary>
public sealed class PodLifeTests : IDisposable
{
    private const int Crowd = 100;

    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public void A_pod_made_again_with_the_same_address_is_reached()
    {
        _lab.Up(Topologies.Pair);
        PingWest();
        Assert.Contains("removed pod cni-j22kt", _lab.Up(Topologies.WithoutWest), StringComparison.Ordinal);
        Assert.NotEqual(0, _lab.ExecUnchecked(Pods.East, "ping", "-c", "1", "-W", "1", $"{Pods.WestAddress}").ExitCode);

        _lab.Up(Topologies.Pair);

        PingWest();
    }

    [KernelFact]
    public void An_address_that_another_pod_has_now_carries_that_pods_identity()
    {
        _lab.Up(Topologies.Pair);
        PingWest();
        uint first = _lab.Identity(Pods.West);

        _lab.Up(Topologies.OtherWest);
        using OverlayCapture capture = new(_lab.Member(Pods.EastNode));
        PingWest();

        uint second = capture.Next(packet => packet.InnerSource == $"{Pods.WestAddress}").Vni;
        Assert.NotEqual(first, second);
        Assert.Equal(_lab.Identity(Pods.Web), second);
    }

    [KernelFact]
    public void A_hundred_pods_on_a_node_are_all_reached()
    {
        long began = Stopwatch.GetTimestamp();
        _lab.Up(Topologies.Crowd(Crowd));
        TestContext.Current.SendDiagnosticMessage("{0} pods in {1}", Crowd, Stopwatch.GetElapsedTime(began));

        ToolResult result = _lab.WeftUnchecked("lab", "ping", Pods.East);

        Assert.Equal(Crowd, result.Output.Split("ttl=63").Length - 1);
        Assert.Equal(Crowd, _lab.Json("--node", Pods.WestNode, "endpoint", "list").EnumerateArray()
            .Count(endpoint => endpoint.GetProperty("status").GetProperty("state").GetString() == "ready"
                && endpoint.GetProperty("status").GetProperty("external-identifiers").TryGetProperty("k8s-pod-name", out _)));
    }

    [KernelFact]
    public void A_pod_that_the_range_has_no_address_for_is_refused_and_nothing_stays()
    {
        ToolResult result = _lab.UpUnchecked(Topologies.SmallRange);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("10.0.1.0/29", result.Error, StringComparison.Ordinal);
        Assert.Empty(_lab.Traces());
    }

    private void PingWest() => _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
}
