using Weft.Model.Services;
using Weft.Model.Services.Manifests;

namespace Weft.Model.Tests.Services;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_service_as_a_cluster_prints_it_is_read()
    {
        ServiceRecord web = Assert.Single(ManifestReader.Parse(Manifest.Web, "web.yaml").Services);

        Assert.Equal("shop/web", web.Name.ToString());
        Assert.Equal((ServiceType.LoadBalancer, BackendAlgorithm.Maglev, ForwardingMode.Dsr), (web.Type, web.Algorithm, web.ForwardingMode));
        Assert.Equal("10.96.0.10 fd96::10", string.Join(' ', web.ClusterIPs));
        Assert.Equal("203.0.113.1", string.Join(' ', web.ExternalIPs));
        Assert.Equal("203.0.113.2", string.Join(' ', web.LoadBalancerIPs));
        Assert.Equal("198.51.100.0/24", string.Join(' ', web.SourceRanges));
        Assert.Equal((600, TrafficPolicy.Cluster, TrafficPolicy.Local), (web.AffinitySeconds, web.InternalTrafficPolicy, web.ExternalTrafficPolicy));
        Assert.Equal(["http 80/TCP web 30080", "dns 53/UDP 5353 30053"], web.Ports.Select(p => $"{p.Name} {p.Port}/{p.Protocol} {p.TargetPort} {p.NodePort}"));
    }

    [Fact]
    public void A_slice_has_the_conditions_that_kubernetes_means()
    {
        EndpointSliceRecord slice = Assert.Single(ManifestReader.Parse(Manifest.Slice, "web.yaml").Slices);

        Assert.Equal(("shop/web-abc12", "shop/web"), (slice.Name.ToString(), slice.Service.ToString()));
        Assert.Equal(
            ["10.0.1.180 bpf1 ready serving", "10.0.0.23  ready serving", "10.0.0.45 bpf2 serving terminating"],
            slice.Endpoints.Select(e =>
                $"{e.Address} {e.Node}{(e.IsReady ? " ready" : "")}{(e.IsServing ? " serving" : "")}{(e.IsTerminating ? " terminating" : "")}"));
        Assert.Equal(["http 8080/TCP", "dns 5353/UDP"], slice.Ports.Select(p => $"{p.Name} {p.Port}/{p.Protocol}"));
    }

    [Fact]
    public void Defaults_are_those_of_kubernetes()
    {
        ServiceRecord web = Assert.Single(ManifestReader.Parse(Manifest.Plain + "  sessionAffinity: ClientIP", "t").Services);

        Assert.Equal(("default/web", ServiceType.ClusterIP, 10800), (web.Name.ToString(), web.Type, web.AffinitySeconds));
        Assert.Equal(("", "TCP", (ushort?)null), (web.Ports[0].Name, web.Ports[0].Protocol, web.Ports[0].NodePort));
        Assert.False(web.IsHeadless);
    }

    [Fact]
    public void Documents_lists_and_json_are_read_alike()
    {
        string list = $"apiVersion: v1\nkind: List\nitems:\n- {Indented(Manifest.Web)}\n- {Indented(Manifest.Slice)}";
        const string json =
            """
            {
            	"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "annotations": {"note": "tab\tslash\/ \u00e9"}},
            	"spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 80}]}
            }
            """;

        ServiceManifests documents = ManifestReader.Parse($"---\n{Manifest.Web}---\n{Manifest.Slice}---\n", "t");
        ServiceManifests items = ManifestReader.Parse(list, "t");

        Assert.Equal(documents.Services, items.Services);
        Assert.Equal(documents.Slices, items.Slices);
        Assert.Equal(ManifestReader.Parse(Manifest.Plain, "t").Services, ManifestReader.Parse(json, "t").Services);
    }

    [Fact]
    public void Null_is_as_if_not_written()
    {
        const string slice =
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            endpoints: null
            ports: ~
            """;

        EndpointSliceRecord read = Assert.Single(ManifestReader.Parse(slice, "t").Slices);

        Assert.Empty(read.Endpoints);
        Assert.Empty(read.Ports);
    }

    [Fact]
    public void A_headless_service_is_one()
    {
        ServiceRecord web = Assert.Single(ManifestReader.Parse(Manifest.Plain.Replace("10.96.0.10", "None"), "t").Services);

        Assert.True(web.IsHeadless);
        Assert.Empty(web.ClusterIPs);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { type: ExternalName, externalName: db.example.org }", "service default/db is an ExternalName")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { clusterIP: 10.96.0.1, ports: [{ port: 9, protocol: SCTP }] }", "unknown protocol SCTP, the port is not served")]
    [InlineData("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: a }\naddressType: IPv4", "has no label kubernetes.io/service-name")]
    [InlineData("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: a, labels: { kubernetes.io/service-name: b } }\naddressType: FQDN", "is of type FQDN")]
    public void What_cannot_be_balanced_is_a_warning(string manifest, string warning)
    {
        ServiceManifests read = ManifestReader.Parse(manifest, "t");

        Assert.Contains(warning, Assert.Single(read.Warnings).Message);
    }

    [Fact]
    public void Every_error_is_told_with_line_and_path()
    {
        const string text =
            """
            apiVersion: v1
            kind: Service
            metadata: { name: Web }
            spec:
              type: Cluster
              clusterIP: 10.96.0
              ports:
              - { name: http, port: 99999 }
              - { name: http, port: 80, protocol: TPC }
            ---
            apiVersion: discovery.k8s.io/v1beta1
            kind: EndpointSlice
            ---
            apiVersion: apps/v1
            kind: Deployment
            """;

        ManifestException error = Assert.Throws<ManifestException>(() => ManifestReader.Parse(text, "web.yaml"));

        Assert.Equal(
            """
            read manifests web.yaml: 7 errors
              web.yaml:3: metadata.name: 'Web' is not a name: give lower-case letters, digits, '-' and '.', as in a DNS name
              web.yaml:5: 'type' of spec is 'Cluster' (one of ClusterIP, NodePort, LoadBalancer, ExternalName)
              web.yaml:6: 'spec.clusterIP': '10.96.0' is no IP address
              web.yaml:8: 'port' of spec.ports[0] is '99999' (a number from 1 to 65535)
              web.yaml:9: 'spec.ports[1].protocol' is the unknown protocol 'TPC' (TCP or UDP)
              web.yaml:11: 'apiVersion' is 'discovery.k8s.io/v1beta1' (discovery.k8s.io/v1 is read here)
              web.yaml:15: 'kind' is 'Deployment' (Service, EndpointSlice, or a List of them)
            """,
            error.Message);
    }

    [Theory]
    [InlineData("spec: { ports: [{ port: 80 }] }", "'spec.clusterIP' is missing")]
    [InlineData("spec: { clusterIP: 10.96.0.1 }", "spec has no 'ports'")]
    [InlineData("spec: { clusterIP: 0.0.0.0, ports: [{ port: 80 }] }", "'0.0.0.0' is the unspecified address")]
    [InlineData("spec: { clusterIP: 10.96.0.1, externalIPs: [127.0.0.1], ports: [{ port: 80 }] }", "'127.0.0.1' is a loopback address")]
    [InlineData("spec: { clusterIP: 10.96.0.1, externalIPs: [5.5.5.5, 5.5.5.5], ports: [{ port: 80 }] }", "has 5.5.5.5 twice")]
    [InlineData("spec: { clusterIPs: [10.96.0.1, 10.96.0.2], ports: [{ port: 80 }] }", "two addresses of one family")]
    [InlineData("spec: { clusterIP: 10.96.0.2, clusterIPs: [10.96.0.1], ports: [{ port: 80 }] }", "is not the first of 'clusterIPs'")]
    [InlineData("spec: { type: NodePort, clusterIP: None, ports: [{ port: 80, nodePort: 30080 }] }", "is None, which a NodePort cannot have")]
    [InlineData("spec: { type: NodePort, clusterIP: 10.96.0.1, ports: [{ port: 80 }] }", "spec.ports[0] has no 'nodePort'")]
    [InlineData("spec: { type: NodePort, clusterIP: 10.96.0.1, ports: [{ port: 80, nodePort: 80 }] }", "'nodePort' of spec.ports[0] is '80' (a number from 30000 to 32767)")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, nodePort: 30080 }] }", "is for services of type NodePort and LoadBalancer")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, name: a }, { port: 80, name: b }] }", "80/TCP is there already")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, name: a }, { port: 81 }] }", "'spec.ports[1].name' is missing")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, name: A }] }", "'spec.ports[0].name' is 'A'")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, targetPort: 0 }] }", "'targetPort' of spec.ports[0] is '0'")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80, targetPort: a-name-that-is-long }] }", "a name of at most 15 characters")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [80] }", "spec.ports[0] is a single value: write it as a map")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80 }], loadBalancerSourceRanges: [10.0.0.1/8] }", "'10.0.0.1/8' is no network")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80 }], sessionAffinity: Yes }", "(one of None, ClientIP)")]
    [InlineData("spec: { clusterIP: 10.96.0.1, ports: [{ port: 80 }], publishNotReadyAddresses: maybe }", "(true or false)")]
    [InlineData("spec: 3", "spec is a single value")]
    [InlineData("status: {}", "'spec' is missing")]
    public void A_wrong_service_is_told(string rest, string message)
    {
        string text = $"apiVersion: v1\nkind: Service\nmetadata: {{ name: web }}\n{rest}";

        ManifestException error = Assert.Throws<ManifestException>(() => ManifestReader.Parse(text, "t"));

        Assert.Contains(message, Assert.Single(error.Errors).Message);
    }

    [Theory]
    [InlineData("addressType: IPv5", "(one of IPv4, IPv6)")]
    [InlineData("endpoints: []", "has no 'addressType'")]
    [InlineData("addressType: IPv4\nendpoints: [{ addresses: [fd00::1] }]", "fd00::1 is no IPv4 address, as 'addressType' says")]
    [InlineData("addressType: IPv4\nendpoints: [{ addresses: [] }]", "'endpoints[0].addresses' is empty")]
    [InlineData("addressType: IPv4\nendpoints: [{ addresses: [1.2.3.4], nodeName: A B }]", "'endpoints[0].nodeName': 'A B'")]
    [InlineData("addressType: IPv4\nendpoints: [{ addresses: [1.2.3.4], conditions: { ready: 1 } }]", "'ready' of endpoints[0].conditions is '1' (true or false)")]
    [InlineData("addressType: IPv4\nports: [{ name: a, port: 1 }, { name: a, port: 2 }]", "a TCP port is called 'a' already")]
    public void A_wrong_slice_is_told(string rest, string message)
    {
        string text = $"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{ name: a, labels: {{ kubernetes.io/service-name: web }} }}\n{rest}";

        ManifestException error = Assert.Throws<ManifestException>(() => ManifestReader.Parse(text, "t"));

        Assert.Contains(message, Assert.Single(error.Errors).Message);
    }

    [Fact]
    public void The_same_service_cannot_be_there_twice()
    {
        ManifestException error = Assert.Throws<ManifestException>(() => ManifestReader.Parse($"{Manifest.Plain}---\n{Manifest.Plain}", "t"));

        Assert.Equal("default/web is there twice (first on line 1)", Assert.Single(error.Errors).Message);
    }

    private static string Indented(string text) => text.TrimEnd().Replace("\n", "\n  ");
}
