using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Weft.Agent.Tests.Harness;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>What an agent says when it cannot start, and that it then leaves nothing.</summary>
public sealed class BadInputTests
{
    [KernelTheory]
    [InlineData("--device", "nosuch0", "no such device")]
    [InlineData("--node-ip", "192.168.77.99", "does not have the node's address 192.168.77.99")]
    [InlineData("--node-ip", "192.168.77.1,fd00:c0a8:77::1", "IPv6 in one of them only")]
    [InlineData("--pod-cidr", "192.168.77.0/24", "is inside its pod CIDR")]
    [InlineData("--store", "zookeeper://here", "--store")]
    [InlineData("--bpf-root", "/tmp/weft-no-bpf-here", "bpf file system")]
    public async Task A_wrong_option_is_named_and_nothing_is_made(string option, string value, string expected)
    {
        using TestNode node = TestNode.Create();
        string[] devices = node.Devices();

        (int exitCode, string log) = await node.StartAndFailAsync(option, value);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, log, StringComparison.Ordinal);
        Assert.Equal(devices, node.Devices());
        Assert.Empty(node.Pins("maps"));
        Assert.False(File.Exists(Path.Combine(node.StateDirectory, "node.json")));
    }

    [KernelTheory]
    [InlineData("--pod-cidr", "10.0.1.0/33")]
    [InlineData("--node-ip", "192.168.2")]
    [InlineData("--node-ip", "192.168.77.1,192.168.77.2")]
    [InlineData("--node-ip", "fd00:c0a8:77::1")]
    [InlineData("--node-ip", "192.168.77.1,fe80::1")]
    [InlineData("--pod-cidr", "10.77.1.0/24,fd00::/48")]
    [InlineData("--pod-cidr", "fd00:77:0:1::/64")]
    [InlineData("--masquerade", "yes")]
    [InlineData("--native-cidr", "10.0.0.1/8")]
    [InlineData("--node-port-range", "32767-30000")]
    [InlineData("--socket", "relative.sock")]
    [InlineData("--tunnel-port", "70000")]
    [InlineData("--health-interval", "0")]
    [InlineData("--health", "maybe")]
    [InlineData("--enable-policy", "sometimes")]
    [InlineData("--enable-policy", "ingress=always,always")]
    public async Task A_malformed_option_is_a_usage_error(string option, string value)
    {
        using TestNode node = TestNode.Create();

        (int exitCode, string log) = await node.StartAndFailAsync(option, value);

        Assert.Equal(2, exitCode);
        Assert.Contains(option, log, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_taken_device_name_is_told_and_the_device_is_left_alone()
    {
        using TestNode node = TestNode.Create();
        node.Namespace.Exec("ip", "link", "add", "weft_vxlan", "type", "bridge");

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("weft_vxlan", log, StringComparison.Ordinal);
        Assert.Contains("kind bridge", log, StringComparison.Ordinal);
        Assert.Contains("weft_vxlan", node.Devices());
    }

    [KernelTheory]
    [InlineData("weft_host")]
    [InlineData("weft_net")]
    public async Task A_taken_name_of_the_host_devices_is_told_and_nothing_is_made(string name)
    {
        using TestNode node = TestNode.Create();
        node.Namespace.Exec("ip", "link", "add", name, "type", "bridge");

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"{name} exists, kind bridge", log, StringComparison.Ordinal);
        Assert.Contains(name, node.Devices());
        Assert.DoesNotContain("weft_vxlan", node.Devices());
    }

    [KernelFact]
    public async Task A_taken_tunnel_port_is_told_and_nothing_is_made()
    {
        using TestNode node = TestNode.Create();
        using Socket taken = node.Namespace.Run(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 8472));
            return socket;
        });

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("8472", log, StringComparison.Ordinal);
        Assert.Contains("--tunnel-port", log, StringComparison.Ordinal);
        Assert.DoesNotContain("weft_vxlan", node.Devices());
    }

    [KernelFact]
    public async Task A_second_agent_of_a_node_is_refused_and_the_first_goes_on()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        (int exitCode, string log) = await node.StartAndFailAsync("--state-dir", node.StateDirectory + "2", "--socket", node.Socket + "2");

        Assert.Equal(1, exitCode);
        Assert.Contains("another weft-agent", log, StringComparison.Ordinal);
        Assert.Equal("Ok", (await node.Client.GetStatusAsync()).Agent!.State);
        Assert.Contains("weft_vxlan", node.Devices());
    }

    [KernelFact]
    public async Task A_corrupt_store_is_told_and_an_agent_that_forwarded_goes_on_forwarding()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await node.CreateEndpointAsync(node.NewPod());
        await agent.TerminateAsync();
        foreach (string file in Directory.EnumerateFiles(node.Cluster, "store.db*"))
        {
            File.Delete(file);
        }

        await File.WriteAllTextAsync(node.StoreFile, string.Concat(Enumerable.Repeat("this is no database ", 1000)));
        string[] links = node.Pins("links");

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("store.db", log, StringComparison.Ordinal);
        Assert.Equal(links.Order(), node.Pins("links").Order());
        Assert.Contains("weft_vxlan", node.Devices());
    }

    [KernelFact]
    public async Task A_locked_store_is_told()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await agent.TerminateAsync();
        using SqliteConnection other = new($"Data Source={node.StoreFile};Pooling=False");
        other.Open();
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        hold.ExecuteNonQuery();

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("store.db", log, StringComparison.Ordinal);
        Assert.Contains("locked", log, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_store_that_was_lost_is_filled_again()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        long id = (await node.CreateEndpointAsync(node.NewPod())).Id;
        await agent.TerminateAsync();
        foreach (string file in Directory.EnumerateFiles(node.Cluster, "store.db*"))
        {
            File.Delete(file);
        }

        await node.StartAsync();

        Assert.Equal("ready", (await node.Client.GetEndpointAsync($"{id}")).Status!.State);
    }

    [KernelFact]
    public async Task A_socket_left_by_a_killed_agent_is_replaced_and_a_foreign_file_is_not()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await agent.KillAsync();
        Assert.True(File.Exists(node.Socket));
        agent = await node.StartAsync();
        await agent.TerminateAsync();
        await File.WriteAllTextAsync(node.Socket, "mine");

        (int exitCode, string log) = await node.StartAndFailAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(node.Socket, log, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(node.Socket));
    }

    [KernelFact]
    public async Task Another_pod_cidr_is_refused_while_pods_have_addresses_of_the_old_one()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        await node.CreateEndpointAsync(node.NewPod());
        await agent.TerminateAsync();

        (int exitCode, string log) = await node.StartAndFailAsync("--pod-cidr", "10.99.0.0/24");

        Assert.Equal(1, exitCode);
        Assert.Contains("was 10.77.1.0/24", log, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task Cleanup_removes_everything_that_the_agent_made()
    {
        using TestNode node = TestNode.Create();
        string[] devices = node.Devices();
        AgentProcess agent = await node.StartAsync();
        await node.CreateEndpointAsync(node.NewPod());
        await agent.TerminateAsync();

        using AgentProcess cleanup = AgentProcess.Start(
            node.Namespace.Path, "cleanup", "--state-dir", node.StateDirectory, "--bpf-root", node.BpfRoot, "--socket", node.Socket);

        Assert.Equal(0, await cleanup.EndedAsync());
        Assert.DoesNotContain("weft_host", node.Devices());
        Assert.Equal(devices, node.Devices());
        Assert.Empty(node.Pins("maps"));
        Assert.Empty(node.Pins("links"));
        Assert.Empty(Directory.EnumerateFiles(node.StateDirectory, "*.json", SearchOption.AllDirectories));
    }
}
