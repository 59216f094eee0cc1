using Weft.Api.Health;
using Weft.Cli.Output;

namespace Weft.Cli.Health;

/// <summary>Every address of every node with what its probes found, in the form of <c>cilium-health status --verbose</c>.</summary>
internal static class PathsWriter
{
    public static void Write(TextWriter output, HealthStatusResponse health)
    {
        output.WriteLine($"Probe time:   {HealthSummary.Time(health.Timestamp)}");
        output.WriteLine("Nodes:");
        foreach (NodeHealthStatus node in HealthSummary.Ordered(health))
        {
            output.WriteLine($"  {HealthSummary.NameOf(health, node)}:");
            Write("Host", node.Host);
            Write("Endpoint", node.HealthEndpoint);
        }

        void Write(string kind, AddressesHealth? addresses)
        {
            WritePath("    ", kind, addresses?.PrimaryAddress);
            foreach (PathStatus path in addresses?.SecondaryAddresses ?? [])
            {
                WritePath("      ", "Secondary", path);
            }
        }

        void WritePath(string indent, string kind, PathStatus? path)
        {
            output.WriteLine(path is null ? $"{indent}{kind} connectivity:   none" : $"{indent}{kind} connectivity to {path.Ip}:");
            if (path is not null)
            {
                output.WriteLine($"{indent}  ICMP to stack:   {Text(path.Icmp, health.Timestamp)}");
                output.WriteLine($"{indent}  HTTP to agent:   {Text(path.Http, health.Timestamp)}");
            }
        }
    }

    // The round that began at the probe time may not have come to this address yet.
    private static string Text(ConnectivityStatus? probe, DateTimeOffset roundBegan)
    {
        if (probe is null)
        {
            return "unknown";
        }

        string found = probe.Status.Length == 0 ? $"OK, RTT={Durations.Nanoseconds(probe.Latency)}" : probe.Status;
        return probe.LastProbed < roundBegan ? $"{found}   (Last probed: {HealthSummary.Time(probe.LastProbed)})" : found;
    }
}
