using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Health;
using Weft.Api.Status;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class HealthTests
{
    private const string Device = "lxc_health";

    private static readonly string[] s_on = ["--health", "true", "--health-interval", "0.5"];

    [KernelFact]
    public async Task The_health_endpoint_is_an_endpoint_with_identity_4()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync(s_on);

        EndpointResource endpoint = await FindAsync(node);

        Assert.Equal(["reserved:health"], endpoint.Status!.Identity!.Labels);
        Assert.Equal(EndpointState.Ready, endpoint.Status.State);
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync($"{endpoint.Id}")).OverallHealth);
        Assert.Contains(Device, node.Devices());
        StatusResponse status = await node.Client.GetStatusAsync();
        Assert.Equal(ComponentState.Ok, status.Cluster!.Health!.State);
        Assert.Equal("health", status.Ipam!.Allocations![TestNode.AddressOf(endpoint)]);
        Assert.Equal(TestNode.AddressOf(endpoint), (await node.Client.GetNodesAsync()).NodesAdded[0].HealthEndpointAddress!.Ipv4!.Ip);
    }

    [KernelFact]
    public async Task The_health_endpoint_can_be_neither_deleted_nor_relabelled()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync(s_on);
        string id = $"{(await FindAsync(node)).Id}";

        AgentApiException deleted = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.DeleteEndpointAsync(id));
        AgentApiException relabelled = await Assert.ThrowsAsync<AgentApiException>(
            () => node.Client.PatchEndpointLabelsAsync(id, new LabelConfigurationSpec { User = ["k8s:app=web"] }));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (deleted.Status, relabelled.Status));
        Assert.Equal(4, (await FindAsync(node)).Status!.Identity!.Id);
    }

    [KernelFact]
    public async Task A_pod_of_another_node_reaches_the_health_endpoint_by_ICMP_and_HTTP()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await Task.WhenAll(first.StartAsync(s_on), second.StartAsync());
            TestNamespace pod = second.NewPod();
            await second.CreateEndpointAsync(pod);
            string address = TestNode.AddressOf(await FindAsync(first));

            await Eventually.BecomesAsync(
                "the health endpoint answers a ping", () => Task.FromResult(Ping.Answers(pod, address, 1)), answers => answers == 1);
            using Socket client = pod.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            Assert.StartsWith("HTTP/1.1 200 OK", await GreetAsync(client, address), StringComparison.Ordinal);
        }
    }

    [KernelFact]
    public async Task Nodes_reach_each_other_by_both_families()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            first.Namespace.Exec("ip", "link", "set", "lo", "up");
            second.Namespace.Exec("ip", "link", "set", "lo", "up");
            await Task.WhenAll(first.StartAsync([.. s_on, .. first.DualStack]), second.StartAsync([.. s_on, .. second.DualStack]));

            foreach (TestNode node in (TestNode[])[first, second])
            {
                HealthStatusResponse health = await Eventually.BecomesAsync(
                    "both nodes answer", () => node.Client.GetClusterHealthAsync(),
                    told => told.Nodes.Count == 2 && told.Nodes.All(other => other.HostReachability() == Reachability.Reachable),
                    TimeSpan.FromSeconds(30)); // addresses of IPv6 are not there at once: duplicate address detection
                Assert.Equal(node.Name, health.Local!.Name);
                Assert.All(health.Nodes, other => Assert.NotEqual(0, other.Host!.PrimaryAddress!.Icmp!.Latency));
                Assert.All(health.Nodes, other => Assert.Single(other.Host!.SecondaryAddresses!));
                Assert.All(health.Nodes, other => Assert.Single(other.HealthEndpoint!.SecondaryAddresses!));
            }
        }
    }

    [KernelFact]
    public async Task The_health_endpoint_dies_with_the_agent_and_a_restart_makes_one_again()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync(s_on);
        await FindAsync(node);

        await agent.KillAsync();

        await Eventually.BecomesAsync(
            "the device dies with the agent", () => Task.FromResult(node.Devices()), devices => !devices.Contains(Device));
        await node.StartAsync(s_on);
        EndpointResource made = await FindAsync(node);
        Assert.Contains(Device, node.Devices());
        Assert.Equal([$"{made.Id}.json"], Directory.GetFiles(Path.Combine(node.StateDirectory, "endpoints")).Select(Path.GetFileName));
        Assert.Equal(2, (await node.Client.GetStatusAsync()).Ipam!.Allocations!.Count);
    }

    [KernelFact]
    public async Task A_health_endpoint_is_no_pod_that_binds_a_node_to_its_range()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync(s_on);
        await agent.TerminateAsync();

        await node.StartAsync([.. s_on, "--pod-cidr", "10.78.1.0/24"]);

        Assert.StartsWith("10.78.1.", TestNode.AddressOf(await FindAsync(node)), StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_health_endpoint_whose_device_is_removed_is_made_again()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync(s_on);
        long before = (await FindAsync(node)).Id;

        node.Namespace.Exec("ip", "link", "del", Device);

        EndpointResource after = await Eventually.BecomesAsync(
            "another one is made", () => FindAsync(node),
            endpoint => endpoint.Id != before && endpoint.Status!.State == EndpointState.Ready);
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync($"{after.Id}")).OverallHealth);
    }

    [KernelFact]
    public async Task Switched_off_it_leaves_nothing_of_a_run_before()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync(s_on);
        await FindAsync(node);
        await agent.KillAsync();

        await node.StartAsync();

        Assert.DoesNotContain(Device, node.Devices());
        Assert.Single(await node.Client.GetEndpointsAsync());
        Assert.Null((await node.Client.GetNodesAsync()).NodesAdded[0].HealthEndpointAddress);
        Assert.Equal(ComponentState.Disabled, (await node.Client.GetStatusAsync()).Cluster!.Health!.State);
        AgentApiException error = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.GetClusterHealthAsync());
        Assert.Equal(HttpStatusCode.NotFound, error.Status);
    }

    [KernelFact]
    public async Task A_port_in_use_shows_in_the_status_and_the_node_forwards_all_the_same()
    {
        using TestNode node = TestNode.Create();
        using Socket taken = node.Namespace.Run(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 4240));
            socket.Listen();
            return socket;
        });

        await node.StartAsync(s_on);

        ComponentStatus health = (await node.Client.GetStatusAsync()).Cluster!.Health!;
        Assert.Equal(ComponentState.Warning, health.State);
        Assert.Contains("4240", health.Message, StringComparison.Ordinal);
        await node.CreateEndpointAsync(node.NewPod());
    }

    private static async Task<EndpointResource> FindAsync(TestNode node) =>
        Assert.Single(await node.Client.GetEndpointsAsync(), endpoint => endpoint.Status!.Identity!.Id == 4);

    private static async Task<string> GreetAsync(Socket client, string address)
    {
        using CancellationTokenSource limit = new(Eventually.DefaultDeadline);
        await client.ConnectAsync(IPEndPoint.Parse($"{address}:4240"), limit.Token);
        await client.SendAsync("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), limit.Token);
        byte[] answer = new byte[256];
        return Encoding.ASCII.GetString(answer, 0, await client.ReceiveAsync(answer, limit.Token));
    }
}
