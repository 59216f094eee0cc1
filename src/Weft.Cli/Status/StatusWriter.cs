using System.Globalization;
using Weft.Api.Health;
using Weft.Api.Status;
using Weft.Cli.Health;
using Weft.Cli.Output;

namespace Weft.Cli.Status;

/// <summary>Writes a node's status in the lines and the order that users of Cilium's <c>status</c> know.</summary>
/// <remarks>A feature that the agent says nothing of is not part of it: <c>Disabled</c>.</remarks>
internal sealed class StatusWriter(TextWriter output, TimeProvider clock, bool verbose)
{
    private const string Disabled = ComponentState.Disabled;

    /// <summary>Nodes that cannot be reached are named up to this many.</summary>
    private const int MaxNodes = 10;

    /// <summary>Width of the longest label, so that all values stand in one column.</summary>
    private const int LabelWidth = 25;

    private static readonly Dictionary<string, string> NoStale = [];

    /// <param name="status">The node's own.</param>
    /// <param name="health">How it reaches the others; null: it did not say.</param>
    public void Write(StatusResponse status, HealthStatusResponse? health)
    {
        WriteSurroundings(status);
        WriteAgent(status);
        WriteAddresses(status);
        WriteDatapath(status);
        Line("Controller Status", ControllerSection.Summary(status.Controllers));
        ControllerSection.WriteTable(output, status.Controllers, clock, verbose);
        WriteObservers(status);
        WriteServices(status);
        WriteMaps(status);
        Line("Encryption", status.Encryption is { } encryption ? Join(encryption.Mode, encryption.Message) : Disabled);
        WriteHealth(status, health);
        WriteStale(status);
    }

    private void WriteSurroundings(StatusResponse status)
    {
        Line("KVStore", Text(status.Kvstore));
        if (status.ContainerRuntime is { } runtime)
        {
            Line("ContainerRuntime", Text(runtime));
        }

        Line("Kubernetes", status.Kubernetes is { } kubernetes ? Join(kubernetes.State, kubernetes.Message) : Disabled);
        if (status.Kubernetes?.ApiVersions is { Count: > 0 } versions)
        {
            Line("Kubernetes APIs", $"[{string.Join(", ", versions.Select(v => $"\"{v}\""))}]");
        }

        Line("KubeProxyReplacement", Describe(status.KubeProxyReplacement));
        Line("Host firewall", Devices(status.HostFirewall?.Mode, status.HostFirewall?.Devices));
        Line("CNI Chaining", status.CniChaining?.Mode ?? "none");
    }

    private void WriteAgent(StatusResponse status)
    {
        Line("Weft", Text(status.Agent));
        Line("NodeMonitor", status.NodeMonitor is { Cpus: > 0 } monitor ? Describe(monitor) : Disabled);
        Line("Weft health daemon", Text(status.Cluster?.Health));
    }

    private void WriteAddresses(StatusResponse status)
    {
        Line("IPAM", status.Ipam?.Text?.TrimEnd(',', ' ') ?? Disabled);
        if (verbose && status.Ipam?.Allocations is { Count: > 0 } allocations)
        {
            output.WriteLine("Allocated addresses:");
            foreach ((string address, string owner) in allocations.OrderBy(a => a.Key, AddressTextComparer.Instance))
            {
                output.WriteLine($"  {address} ({owner})");
            }
        }
    }

    private void WriteDatapath(StatusResponse status)
    {
        Line("BandwidthManager", status.BandwidthManager is { Enabled: true } ? "Enabled" : Disabled);
        if (status.Routing is { } routing)
        {
            string tunnel = routing.TunnelProtocol is null ? "" : $" [{routing.TunnelProtocol}]";
            Line("Routing", $"Network: {routing.InterHostRoutingMode}{tunnel}   Host: {routing.IntraHostRoutingMode}");
        }
        else
        {
            Line("Host Routing", status.HostRouting?.Mode ?? Disabled);
        }

        Line("Masquerading", status.Masquerading is { Enabled: true } masquerading ? Describe(masquerading, status) : Disabled);
        if (verbose && status.ClockSource is { } source)
        {
            Line("Clock Source for BPF", source.Hertz == 0 ? source.Mode : $"{source.Mode} [{source.Hertz} Hz]");
        }
    }

    private void WriteObservers(StatusResponse status)
    {
        Line("Proxy Status", status.Proxy is not { } proxy ? Disabled
            : proxy.TotalRedirects == 0 ? "No managed proxy redirect"
            : $"OK, ip {proxy.Ip}, {proxy.TotalRedirects} redirects active on ports {proxy.PortRange}");
        if (status.IdentityRange is { } range)
        {
            Line("Global Identity Range", $"min {range.MinIdentity}, max {range.MaxIdentity}");
        }

        Line("Hubble", status.Hubble is { } hubble ? Describe(hubble) : Disabled);
    }

    private void WriteServices(StatusResponse status)
    {
        if (verbose && status.KubeProxyReplacement?.SocketLB is { } socketLB)
        {
            output.WriteLine("KubeProxyReplacement Details:");
            Line("  Socket LB", socketLB.Enabled ? $"Enabled [{socketLB.Cgroup}]" : Reason(socketLB.Message));
        }
    }

    private void WriteMaps(StatusResponse status)
    {
        if (!verbose || status.BpfMaps is not { } maps)
        {
            return;
        }

        string ratio = maps.DynamicSizeRatio.ToString("F6", CultureInfo.InvariantCulture);
        Line("BPF Maps", maps.DynamicSizeRatio == 0 ? "dynamic sizing: off" : $"dynamic sizing: on (ratio: {ratio})");
        TextTable table = new(indent: 2);
        table.Add("Name", "Size");
        foreach (BpfMapProperties map in maps.Maps.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            table.Add(map.Name, map.Size.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(output);
    }

    private void WriteHealth(StatusResponse status, HealthStatusResponse? health)
    {
        Line("Cluster health", health is null ? Text(status.Cluster?.Health) : HealthSummary.Line(health));
        if (health is not null)
        {
            NodeHealthStatus[] shown = [.. HealthSummary.Ordered(health).Where(node => verbose || !node.IsReachable())];
            HealthSummary.WriteTable(output, health, verbose ? shown : shown.Take(MaxNodes));
            if (!verbose && shown.Length > MaxNodes)
            {
                output.WriteLine("  ...");
            }
        }
    }

    private void WriteStale(StatusResponse status)
    {
        foreach ((string probe, string since) in (status.Stale ?? NoStale).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Line("Stale", $"{probe} has not answered since {since}");
        }
    }

    private void Line(string label, string value) => output.WriteLine($"{label + ':',-LabelWidth}{value}");

    private static string Reason(string? message) => message is null ? Disabled : $"{Disabled} [{message}]";

    private static string Text(ComponentStatus? status) => status is null ? Disabled : Join(status.State, status.Message);

    private static string Join(string state, string? message) => string.IsNullOrEmpty(message) ? state : $"{state}   {message}";

    private static string Devices(string? mode, IReadOnlyList<string>? devices) =>
        mode is null ? Disabled : devices is { Count: > 0 } ? $"{mode}   [{string.Join(", ", devices)}]" : mode;

    private static string Describe(MonitorStatus monitor)
    {
        string text = $"Listening for events on {monitor.Cpus} CPUs with {monitor.Pages}x{monitor.PageSize} of shared memory";
        return monitor is { Lost: 0, Unknown: 0 } ? text : $"{text} ({monitor.Lost} lost, {monitor.Unknown} unknown)";
    }

    private static string Describe(KubeProxyReplacement? services)
    {
        IEnumerable<string>? devices = services?.DeviceList?.Select(device =>
            $"{device.Name} {string.Join(' ', device.Ip ?? [])}{(device.Name == services.DirectRoutingDevice ? " (Direct Routing)" : "")}");
        return Devices(services?.Mode, devices?.ToArray() ?? services?.Devices);
    }

    private static string Describe(Masquerading masquerading, StatusResponse status)
    {
        string devices = status.KubeProxyReplacement?.Devices is { Count: > 0 } names ? $"   [{string.Join(", ", names)}]" : "";
        string[] cidrs = [.. ((string?[])[masquerading.SnatExclusionCidrV4, masquerading.SnatExclusionCidrV6]).OfType<string>()];
        string excluded = devices + (cidrs.Length > 0 ? $"   {string.Join(' ', cidrs)}" : "");
        string families = $"[IPv4: {On(masquerading.EnabledProtocols?.Ipv4)}, IPv6: {On(masquerading.EnabledProtocols?.Ipv6)}]";
        return $"{masquerading.Mode}{excluded} {families}";
    }

    private static string Describe(HubbleStatus hubble)
    {
        string flows = hubble.Observer is { MaxFlows: > 0 } observer
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Current/Max Flows: {observer.CurrentFlows}/{observer.MaxFlows} ({100.0 * observer.CurrentFlows / observer.MaxFlows:F2}%)")
            : "";
        return Join(Join(hubble.State, hubble.Message), flows);
    }

    private static string On(bool? enabled) => enabled == true ? "Enabled" : Disabled;
}
