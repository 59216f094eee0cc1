using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class EndpointApiTests
{
    [KernelFact]
    public async Task An_endpoint_has_its_device_its_address_and_its_routes()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();

        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180");

        Assert.Equal(EndpointState.Ready, endpoint.Status!.State);
        Assert.Contains("inet 10.77.1.180/32", pod.Exec("ip", "addr", "show", "eth0"), StringComparison.Ordinal);
        string routes = pod.Exec("ip", "route");
        Assert.Contains("default via 10.77.1.1 dev eth0", routes, StringComparison.Ordinal);
        Assert.Contains("mtu 1450", routes, StringComparison.Ordinal);
        Assert.Contains(endpoint.Status.Networking!.InterfaceName!, node.Devices());
        await Eventually.BecomesAsync(
            "its program's link", () => Task.FromResult(node.Pins("links")),
            pins => pins.Contains($"{endpoint.Status.Networking.InterfaceName}_ingress"));
    }

    [KernelFact]
    public async Task Every_name_of_an_endpoint_finds_it()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180");
        string[] names =
        [
            $"{endpoint.Id}", $"container-id:{pod.Name}", $"pod-name:default/{pod.Name}", "ipv4:10.77.1.180",
            $"cni-attachment-id:{pod.Name}:eth0",
        ];

        foreach (string name in names)
        {
            Assert.Equal(endpoint.Id, (await node.Client.GetEndpointAsync(name)).Id);
        }
    }

    [KernelFact]
    public async Task A_deleted_endpoint_leaves_nothing_and_its_address_can_be_had_again()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        string[] devices = node.Devices();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180");

        await node.Client.DeleteEndpointAsync($"{endpoint.Id}");

        Assert.Equal(devices, node.Devices());
        Assert.DoesNotContain(node.Pins("links"), pin => pin.StartsWith("lxc", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(node.StateDirectory, "endpoints")));
        await node.CreateEndpointAsync(pod, "10.77.1.180");
    }

    [KernelFact]
    public async Task An_unknown_endpoint_is_answered_with_404()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.GetEndpointAsync("4711"));

        Assert.Equal(HttpStatusCode.NotFound, error.Status);
        Assert.Contains("4711", error.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task The_same_request_twice_is_one_endpoint_and_another_one_for_it_is_refused()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod);

        Assert.Equal(endpoint.Id, (await node.CreateEndpointAsync(pod)).Id);
        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.CreateEndpointAsync(pod, "10.77.1.99"));

        Assert.Equal(HttpStatusCode.Conflict, error.Status);
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync($"{endpoint.Id}")).OverallHealth);
    }

    [KernelFact]
    public async Task A_pod_that_already_has_such_a_device_is_refused_and_nothing_is_left()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        pod.Exec("ip", "link", "add", "eth0", "type", "bridge");
        string[] devices = node.Devices();

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.CreateEndpointAsync(pod));

        Assert.Equal(HttpStatusCode.Conflict, error.Status);
        Assert.Equal(devices, node.Devices());
        Assert.Single((await node.Client.GetStatusAsync()).Ipam!.Allocations!);
    }

    [KernelFact]
    public async Task An_exhausted_range_is_told_and_a_freed_address_is_given_again()
    {
        using TestNode node = TestNode.Create("10.77.1.0/29");
        await node.StartAsync();
        EndpointResource[] made = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => node.CreateEndpointAsync(node.NewPod())));

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.CreateEndpointAsync(node.NewPod()));

        Assert.Equal(HttpStatusCode.InsufficientStorage, error.Status);
        Assert.Contains("range is full", error.Message, StringComparison.Ordinal);
        await node.Client.DeleteEndpointAsync($"{made[0].Id}");
        await node.CreateEndpointAsync(node.NewPod());
    }

    [KernelFact]
    public async Task Fifty_endpoints_at_once_all_differ()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        EndpointResource[] made = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => node.CreateEndpointAsync(node.NewPod())));

        Assert.Equal(50, made.Select(endpoint => endpoint.Id).Distinct().Count());
        Assert.Equal(50, made.Select(TestNode.AddressOf).Distinct().Count());
        Assert.All(made, endpoint => Assert.Equal(EndpointState.Ready, endpoint.Status!.State));
    }

    [KernelFact]
    public async Task New_labels_are_a_new_identity()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        EndpointResource before = await node.CreateEndpointAsync(node.NewPod());

        await node.Client.PatchEndpointLabelsAsync($"{before.Id}", new LabelConfigurationSpec { User = ["k8s:app=other"] });

        EndpointResource after = await node.Client.GetEndpointAsync($"{before.Id}");
        Assert.NotEqual(before.Status!.Identity!.Id, after.Status!.Identity!.Id);
        Assert.Equal(["k8s:app=other"], after.Status.Identity.Labels);
    }

    [KernelFact]
    public async Task A_malformed_request_is_told_all_that_is_wrong_with_it()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.CreateEndpointAsync(
            new EndpointChangeRequest { Netns = "relative", ContainerInterfaceName = "a/b", Mac = "nonsense" }));

        Assert.Equal(HttpStatusCode.BadRequest, error.Status);
        Assert.Contains("netns", error.Message, StringComparison.Ordinal);
        Assert.Contains("container-interface-name", error.Message, StringComparison.Ordinal);
        Assert.Contains("mac", error.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_request_cut_short_at_any_byte_is_refused_and_makes_nothing()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        byte[] whole = Encoding.UTF8.GetBytes(
            $"{{ \"netns\": \"{pod.Path}\", \"labels\": [\"k8s:app=cni\"], \"addressing\": {{ \"ipv4\": \"10.77.1.9\" }} }}");

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(node, whole.AsSpan(0, length).ToArray()));
        }

        Assert.Single(await node.Client.GetEndpointsAsync());
        Assert.Equal(HttpStatusCode.Created, await PutAsync(node, whole));
    }

    private static async Task<HttpStatusCode> PutAsync(TestNode node, byte[] body)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(node.Socket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient http = new(handler) { BaseAddress = new Uri("http://weft") };
        using ByteArrayContent content = new(body);
        using HttpResponseMessage response = await http.PutAsync(new Uri("/v1/endpoint/0", UriKind.Relative), content);
        return response.StatusCode;
    }
}
