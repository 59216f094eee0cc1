using Weft.Api.Health;

namespace Weft.Cli.Tests.Support;

/// <summary>What node bpf1 found of a cluster of two when it probed.</summary>
internal static class Probes
{
    private static readonly DateTimeOffset s_time = FixedClock.Now.AddSeconds(-49);

    public static HealthStatusResponse AllAnswered { get; } = new()
    {
        Local = new SelfStatus { Name = "bpf1" },
        Nodes =
        [
            new NodeHealthStatus { Name = "bpf2", Host = At(Ok("192.168.2.62")), HealthEndpoint = At(Ok("10.0.0.10")) },
            new NodeHealthStatus { Name = "bpf1", Host = At(Ok("192.168.2.61")), HealthEndpoint = At(Ok("10.0.1.222"), Ok("fd00:1::de")) },
        ],
        ProbeInterval = "1m5s",
        Timestamp = s_time,
    };

    /// <summary>The endpoint of bpf2 does not answer, bpf3 has just joined, and bpf4 has no health endpoint.</summary>
    public static HealthStatusResponse SomeAnswered { get; } = AllAnswered with
    {
        Nodes =
        [
            AllAnswered.Nodes[1],
            AllAnswered.Nodes[0] with { HealthEndpoint = At(Silent("10.0.0.10")) },
            new NodeHealthStatus
            {
                Name = "bpf3",
                Host = At(Ok("192.168.2.63") with { Http = null }),
                HealthEndpoint = At(new PathStatus { Ip = "10.0.3.7" }),
            },
            new NodeHealthStatus { Name = "bpf4", Host = At(Old("192.168.2.64")) },
        ],
    };

    private static AddressesHealth At(PathStatus primary, params PathStatus[] others) =>
        new() { PrimaryAddress = primary, SecondaryAddresses = others.Length == 0 ? null : others };

    private static PathStatus Ok(string ip) => new() { Ip = ip, Icmp = Answered(723_660), Http = Answered(15_261_698) };

    private static PathStatus Old(string ip) => new()
    {
        Ip = ip,
        Icmp = Answered(723_660) with { LastProbed = s_time.AddSeconds(-65) },
        Http = Answered(691_631),
    };

    private static PathStatus Silent(string ip) => new()
    {
        Ip = ip,
        Icmp = Answered(0) with { Status = "Connection timed out" },
        Http = Answered(0) with { Status = $"Get \"http://{ip}:4240/hello\": deadline exceeded while waiting for the connection" },
    };

    private static ConnectivityStatus Answered(long latency) => new() { Latency = latency, LastProbed = s_time.AddMilliseconds(20) };
}
