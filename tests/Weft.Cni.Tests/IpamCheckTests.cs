using System.Globalization;
using Weft.Agent.Tests.Harness;
using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>Each kind of leak that can be made from outside is made, found and repaired.</summary>
public sealed class IpamCheckTests
{
    [KernelFact]
    public async Task A_node_in_order_has_nothing_to_repair()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await CniProgram.CallAsync(node, node.NewPod(), "ADD");

        Assert.Empty((await node.Client.CheckAddressesAsync(repair: true)).Problems);
        IpamListing listing = await node.Client.GetAddressesAsync();
        Assert.Equal("default/web-k9x2p", Assert.Single(listing.Allocations).Owner);
        Assert.Equal((1, "253"), (Assert.Single(listing.Pools).Used, listing.Pools[0].Capacity));
    }

    [KernelFact]
    public async Task A_device_that_no_endpoint_has_is_found_and_removed()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        node.Namespace.Exec("ip", "link", "add", "lxcstray", "type", "veth", "peer", "name", "strayother");

        await FindAndRepairAsync(node, "device-without-endpoint", "lxcstray");

        Assert.DoesNotContain("lxcstray", node.Devices());
    }

    [KernelTheory]
    [InlineData("weft_devices")]
    [InlineData("weft_endpoints")]
    [InlineData("weft_ipcache_single")]
    public async Task An_entry_that_no_endpoint_has_is_found_and_removed(string map)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource endpoint = await node.CreateEndpointAsync(pod, "10.77.1.180");
        string key = KeyOf(map, endpoint);
        string value = ValueOf(node, map, key);
        await node.Client.DeleteEndpointAsync($"{endpoint.Id}");

        // As it was, by somebody else than the agent.
        Bpftool($"update pinned {PathOf(node, map)} key hex {key} value hex {value}");

        await FindAndRepairAsync(node, "entry-without-endpoint", map);
    }

    [KernelTheory]
    [InlineData("weft_devices")]
    [InlineData("weft_endpoints")]
    [InlineData("weft_ipcache_single")]
    public async Task An_entry_that_an_endpoint_lost_is_found_and_written_again(string map)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        EndpointResource endpoint = await node.CreateEndpointAsync(node.NewPod(), "10.77.1.180");
        string key = KeyOf(map, endpoint);
        string value = ValueOf(node, map, key);

        Bpftool($"delete pinned {PathOf(node, map)} key hex {key}");

        await FindAndRepairAsync(node, "endpoint-without-entry", $"{endpoint.Id}");
        Assert.Equal(value, ValueOf(node, map, key));
    }

    private static async Task FindAndRepairAsync(TestNode node, string kind, string subject)
    {
        IpamProblem found = Assert.Single((await node.Client.CheckAddressesAsync(repair: false)).Problems);
        Assert.Equal(kind, found.Kind);
        Assert.StartsWith(subject, found.Subject, StringComparison.Ordinal);
        Assert.False(found.IsRepaired);
        Assert.True(Assert.Single((await node.Client.CheckAddressesAsync(repair: true)).Problems).IsRepaired);
        Assert.Empty((await node.Client.CheckAddressesAsync(repair: false)).Problems);
    }

    private static string KeyOf(string map, EndpointResource endpoint) => map == "weft_devices"
        ? Hex(BitConverter.GetBytes((int)endpoint.Status!.Networking!.InterfaceIndex))
        : "00 00 00 00 00 00 00 00 00 00 ff ff " + Hex(System.Net.IPAddress.Parse(TestNode.AddressOf(endpoint)).GetAddressBytes());

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static string PathOf(TestNode node, string map) => Path.Combine(node.BpfRoot, "maps", map);

    private static string ValueOf(TestNode node, string map, string key)
    {
        using System.Text.Json.JsonDocument found = System.Text.Json.JsonDocument.Parse(
            Bpftool($"-j lookup pinned {PathOf(node, map)} key hex {key}"));
        return string.Join(' ', found.RootElement.GetProperty("value").EnumerateArray().Select(b => b.GetString()![2..]));
    }

    private static string Bpftool(string words)
    {
        List<string> arguments = [.. words.Split(' ')];
        bool isJson = arguments.Remove("-j");
        return Tool.Run("bpftool", [.. isJson ? ["-j"] : Array.Empty<string>(), "map", .. arguments]);
    }
}
