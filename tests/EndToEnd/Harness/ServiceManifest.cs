using System.Globalization;
using System.Text.Json;

namespace EndToEnd.Harness;

/// <summary>A service of both families with its slices, as a manifest: port 80, TCP and UDP.</summary>
/// <param name="Backends">Addresses of either family, each with its node: <c>10.0.1.180@bpf1</c>; <c>10.0.1.180@bpf1!</c> if it terminates.</param>
internal sealed record ServiceManifest(string Name, string ClusterIP, string ClusterIP6, params string[] Backends)
{
    private const int Port = 80;

    /// <summary>0: none.</summary>
    public int NodePort { get; init; }

    /// <summary>Of a service with a node port.</summary>
    public string Type { get; init; } = "NodePort";

    /// <summary>Of the service, as <c>NAME: VALUE, …</c>.</summary>
    public string Annotations { get; init; } = "";

    /// <summary>More lines of 'spec', indented by two.</summary>
    public string Spec { get; init; } = "";

    /// <summary>More lines after 'spec'.</summary>
    public string Status { get; init; } = "";

    public IReadOnlyList<string> Addresses => [ClusterIP, ClusterIP6];

    public override string ToString() =>
        $"""
        apiVersion: v1
        kind: Service
        metadata: {Metadata}
        spec:
          type: {(NodePort == 0 ? "ClusterIP" : Type)}
          clusterIP: {ClusterIP}
          clusterIPs: [{ClusterIP}, "{ClusterIP6}"]
          ipFamilies: [IPv4, IPv6]
          ipFamilyPolicy: RequireDualStack
          ports:
          - {ServicePort("TCP")}
          - {ServicePort("UDP")}
        {Spec}
        {Status}
        ---
        {Slice("IPv4", Backends.Where(backend => !backend.Contains(':', StringComparison.Ordinal)))}
        ---
        {Slice("IPv6", Backends.Where(backend => backend.Contains(':', StringComparison.Ordinal)))}

        """;

    /// <summary>Whether a node's list of services has the cluster addresses with just the backends that may get connections.</summary>
    public bool IsServed(JsonElement services) => IsServed(services, ClusterIP, six: false) && IsServed(services, ClusterIP6, six: true);

    private bool IsServed(JsonElement services, string address, bool six)
    {
        string[] family = [.. Backends.Where(backend => backend.Contains(':', StringComparison.Ordinal) == six)];
        string[] ready = [.. family.Where(backend => !backend.EndsWith('!'))];
        string[] expected = [.. (ready is [] ? family : ready).Select(backend => backend.Split('@')[0]).Order()];
        return services.EnumerateArray().Select(service => service.GetProperty("status").GetProperty("realized"))
            .Where(service => service.GetProperty("frontend-address").GetProperty("ip").GetString() == address)
            .Count(service => service.GetProperty("backend-addresses").EnumerateArray()
                .Where(backend => backend.GetProperty("state").GetString() == "active")
                .Select(backend => backend.GetProperty("ip").GetString()!).Order().SequenceEqual(expected)) == 2;
    }

    private string Metadata => $"{{ name: {Name}, namespace: default, annotations: {{ {Annotations} }} }}";

    private string ServicePort(string protocol)
    {
        string nodePort = NodePort == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", nodePort: {NodePort}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{{ name: {protocol.ToLowerInvariant()}, port: {Port}, protocol: {protocol}, targetPort: {ServicePorts.Target}{nodePort} }}");
    }

    private string Slice(string family, IEnumerable<string> backends) =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{Name}}-{{family.ToLowerInvariant()}}
          namespace: default
          labels: { kubernetes.io/service-name: {{Name}} }
        addressType: {{family}}
        endpoints: [{{string.Join(", ", backends.Select(Endpoint))}}]
        ports:
        - { name: tcp, port: {{ServicePorts.Target}}, protocol: TCP }
        - { name: udp, port: {{ServicePorts.Target}}, protocol: UDP }
        """;

    private static string Endpoint(string backend)
    {
        bool terminates = backend.EndsWith('!');
        string[] parts = backend.TrimEnd('!').Split('@');
        string conditions = terminates ? "ready: false, serving: true, terminating: true" : "ready: true";
        return $"{{ addresses: [\"{parts[0]}\"], nodeName: {parts[1]}, conditions: {{ {conditions} }} }}";
    }
}
