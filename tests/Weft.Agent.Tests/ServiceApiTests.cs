using System.Net;
using Weft.Abi;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Services;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class ServiceApiTests
{
    private const string Web =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec:
          clusterIP: 10.96.0.10
          clusterIPs: [10.96.0.10]
          ports: [{ name: http, port: 80, protocol: TCP, targetPort: 8080 }]
          type: ClusterIP
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: web-1
          namespace: shop
          labels: { kubernetes.io/service-name: web }
        addressType: IPv4
        ports: [{ name: http, port: 8080, protocol: TCP }]
        endpoints:
        - addresses: [10.77.1.20]
          conditions: { ready: true }
        - addresses: [10.77.1.21]
          conditions: { ready: true }
        """;

    private static readonly ServiceKey s_key = new() { Addr = WeftAddress.Parse("10.96.0.10"), Port = 80, Proto = 6 };

    [KernelFact]
    public async Task Manifests_become_services_of_the_datapath_and_go_again()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        using DatapathMaps maps = DatapathMaps.OpenPinned(new BpfRoot(node.BpfRoot));

        ManifestReport applied = await node.Client.PutManifestsAsync(Web);

        Assert.Equal(["EndpointSlice created", "Service created"], applied.Results.Select(result => $"{result.Kind} {result.Result}"));
        ServiceSpec spec = await BecomesAsync(node, services => services.Count == 1 && services[0].Spec!.BackendAddresses.Count == 2);
        Assert.Equal(("10.96.0.10", (ushort)80, "tcp"), (spec.FrontendAddress.Ip, spec.FrontendAddress.Port, spec.FrontendAddress.Protocol));
        Assert.Equal(("web", "shop", "ClusterIP"), (spec.Flags!.Name, spec.Flags.Namespace, spec.Flags.Type));
        Assert.Equal(["10.77.1.20:8080 active", "10.77.1.21:8080 active"], spec.BackendAddresses.Select(b => $"{b.Ip}:{b.Port} {b.State}"));
        Assert.Equal((uint)spec.Id, maps.Services[s_key].Id);
        Assert.Equal(spec.Id, (await node.Client.GetServiceAsync(spec.Id)).Spec!.Id);
        Assert.All((await node.Client.PutManifestsAsync(Web)).Results, result => Assert.Equal("unchanged", result.Result));

        await node.Client.DeleteManifestsAsync(Web);
        await Eventually.BecomesAsync("the service goes", () => node.Client.GetServicesAsync(), services => services.Count == 0);
        Eventually.Passes(() => Assert.Empty(maps.Backends.Keys()));
        Assert.Empty(maps.ServiceSlots.Keys());
    }

    [KernelFact]
    public async Task A_restart_keeps_numbers_and_slots_of_services()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await node.Client.PutManifestsAsync(Web);
        ServiceSpec before = await BecomesAsync(node, services => services.Count == 1 && services[0].Spec!.BackendAddresses.Count == 2);
        using DatapathMaps maps = DatapathMaps.OpenPinned(new BpfRoot(node.BpfRoot));
        KeyValuePair<uint, BackendValue>[] backends = [.. maps.Backends.Entries().OrderBy(entry => entry.Key)];
        await agent.TerminateAsync();

        await node.StartAsync();

        ServiceSpec after = (await node.Client.GetServicesAsync()).Single().Spec!;
        Assert.Equal(before.Id, after.Id);
        Assert.Equal(backends, maps.Backends.Entries().OrderBy(entry => entry.Key));
    }

    [KernelFact]
    public async Task Udp_clients_of_a_backend_that_goes_forget_it_and_tcp_clients_do_not()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await node.Client.PutManifestsAsync(Web);
        using DatapathMaps maps = DatapathMaps.OpenPinned(new BpfRoot(node.BpfRoot));
        uint backend = Eventually.Passes(() => maps.Backends.Entries().Single(entry => entry.Value.Addr == WeftAddress.Parse("10.77.1.20")).Key);
        maps.ConntrackAny.Update(Client(proto: 17), new ConntrackValue { BackendId = backend, Expires = uint.MaxValue });
        maps.ConntrackTcp.Update(Client(proto: 6), new ConntrackValue { BackendId = backend, Expires = uint.MaxValue });

        await node.Client.PutManifestsAsync(Web.Replace("10.77.1.20", "10.77.1.22", StringComparison.Ordinal));

        Eventually.Passes(() => Assert.Empty(maps.ConntrackAny.Keys()));
        Assert.False(maps.Backends.TryLookup(backend, out _));
        Assert.Equal(backend, Assert.Single(maps.ConntrackTcp.Entries()).Value.BackendId);
    }

    [KernelFact]
    public async Task A_mistake_in_the_manifests_is_told_with_its_line_and_nothing_is_written()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(
            () => node.Client.PutManifestsAsync(Web.Replace("10.77.1.21", "10.77.1.999", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Contains("manifests:", refusal.Message, StringComparison.Ordinal);
        Assert.All((await node.Client.DeleteManifestsAsync(Web)).Results, result => Assert.Equal("not found", result.Result));
    }

    [KernelTheory]
    [InlineData(7, HttpStatusCode.NotFound)]
    [InlineData(-1, HttpStatusCode.BadRequest)]
    public async Task A_service_that_is_none_is_not_found(long id, HttpStatusCode status)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.GetServiceAsync(id));

        Assert.Equal(status, refusal.Status);
    }

    private static ConntrackKey Client(byte proto) => new()
    {
        Local = WeftAddress.Parse("10.77.1.9"),
        LocalPort = 40000,
        Remote = s_key.Addr,
        RemotePort = s_key.Port,
        Proto = proto,
        Scope = ConntrackScope.Service,
    };

    private static async Task<ServiceSpec> BecomesAsync(TestNode node, Func<IReadOnlyList<ServiceResource>, bool> condition) =>
        (await Eventually.BecomesAsync("services are there", () => node.Client.GetServicesAsync(), condition))[0].Spec!;
}
