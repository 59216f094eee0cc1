using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.Agent.Tests.Harness;
using Weft.Api.Health;
using Weft.Model.Addressing;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Layout;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>The probes of a real agent, against nodes that exist in the store and, more or less, on the wire.</summary>
public sealed class HealthProbeTests
{
    private const string Good = "192.168.77.10";
    private const string NoListener = "192.168.77.11";
    private const string Blackhole = "192.168.77.12";
    private const string Slow = "192.168.77.13";
    private const string Garbage = "192.168.77.14";

    [KernelFact]
    public async Task Each_fault_is_told_as_what_it_is_and_delays_no_other_nodes_result()
    {
        (TestNode node, TestNode others) = TestNode.CreatePair();
        using (node)
        using (others)
        {
            Wire(node, others);
            using CancellationTokenSource end = new();
            Task serving = Task.WhenAll(
                ServeAsync(others, Good, "HTTP/1.1 200 OK\r\n\r\n", end.Token),
                ServeAsync(others, Garbage, "\0\x01 garbage\r\n", end.Token),
                ServeAsync(others, Slow, null, end.Token));
            await node.StartAsync("--health", "true");
            await PublishAsync(node, Good, NoListener, Blackhole, Slow, Garbage);

            HealthStatusResponse early = await Eventually.BecomesAsync(
                "the good node is reachable", () => node.Client.GetClusterHealthAsync(),
                health => PathTo(health, Good) is { Icmp.Status: "", Http.Status: "" });
            Assert.Equal(Reachability.Unknown, early.Nodes.Single(one => one.Name == NameOf(Blackhole)).HostReachability());

            HealthStatusResponse late = await Eventually.BecomesAsync(
                "all probes have ended", () => node.Client.GetClusterHealthAsync(),
                health => health.Nodes.All(one => one.Host!.PrimaryAddress is { Icmp: not null, Http: not null }),
                TimeSpan.FromSeconds(30));
            Assert.Equal(("", "Connection refused"), Summary(late, NoListener));
            Assert.Equal(("", "the answer is not HTTP"), Summary(late, Garbage));
            Assert.Equal(("", "deadline exceeded while waiting for the answer"), Summary(late, Slow));
            Assert.Equal(("Connection timed out", "deadline exceeded while waiting for the connection"), Summary(late, Blackhole));
            await end.CancelAsync();
            await serving;
        }
    }

    [KernelFact]
    public async Task A_probe_on_demand_is_newer_than_what_it_was_asked_after()
    {
        using TestNode node = TestNode.Create();
        node.Namespace.Exec("ip", "link", "set", "lo", "up");
        await node.StartAsync("--health", "true");
        HealthStatusResponse before = await node.Client.ProbeClusterHealthAsync();

        HealthStatusResponse after = await node.Client.ProbeClusterHealthAsync();

        Assert.True(after.Timestamp > before.Timestamp);
        PathStatus host = Assert.Single(after.Nodes).Host!.PrimaryAddress!;
        Assert.True(host.Icmp!.LastProbed >= after.Timestamp && host.Http!.LastProbed >= after.Timestamp);
    }

    private static void Wire(TestNode node, TestNode others)
    {
        foreach (string address in (string[])[Good, NoListener, Slow, Garbage])
        {
            others.Namespace.Exec("ip", "address", "add", $"{address}/24", "dev", TestNode.Underlay);
        }

        // A neighbour that nobody is: what is sent to it vanishes without a word.
        node.Namespace.Exec("ip", "neighbor", "add", Blackhole, "lladdr", "02:00:00:00:00:99", "dev", TestNode.Underlay);
    }

    private static async Task ServeAsync(TestNode node, string address, string? answer, CancellationToken end)
    {
        using Socket listener = node.Namespace.Run(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(IPEndPoint.Parse($"{address}:4240"));
            socket.Listen();
            return socket;
        });
        List<Socket> clients = [];
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync(end);
                clients.Add(client);
                if (answer is not null)
                {
                    await client.ReceiveAsync(new byte[1024], end);
                    await client.SendAsync(Encoding.ASCII.GetBytes(answer), end);
                }
            }
        }
        catch (OperationCanceledException)
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task PublishAsync(TestNode node, params string[] addresses)
    {
        Assert.True(StoreLocation.TryParse($"sqlite://{node.StoreFile}", out StoreLocation? location, out _));
        await using IStore store = await location.OpenAsync(CancellationToken.None);
        foreach (string address in addresses)
        {
            Assert.True(NodeName.TryParse(NameOf(address), out NodeName? name, out _));
            Assert.True(PodCidr.TryParse($"10.{address.Split('.')[3]}.0.0/24", out PodCidr cidr, out _));
            NodeRecord record = new()
            {
                Name = name,
                Cluster = ClusterName.Default,
                Instance = address,
                Addresses = [IPAddress.Parse(address)],
                PodCidrs = [cidr],
                Routers = [],
            };
            await store.PutAsync(
                new StorePut(
                    StoreKeys.Node(record.Cluster, record.Name),
                    JsonSerializer.SerializeToUtf8Bytes(record, ModelJsonContext.Default.NodeRecord)),
                CancellationToken.None);
        }
    }

    private static string NameOf(string address) => $"at-{address}";

    private static PathStatus? PathTo(HealthStatusResponse health, string address) =>
        health.Nodes.SingleOrDefault(node => node.Name == NameOf(address))?.Host!.PrimaryAddress;

    private static (string Icmp, string Http) Summary(HealthStatusResponse health, string address)
    {
        PathStatus path = PathTo(health, address)!;
        return (path.Icmp!.Status, path.Http!.Status.Replace($"Get \"http://{address}:4240/hello\": ", "", StringComparison.Ordinal));
    }
}
