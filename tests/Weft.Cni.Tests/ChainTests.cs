using System.Diagnostics;
using System.Text.Json.Nodes;
using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>First in a list, with Debian's plugins behind it, each called by its own with the result of the one before.</summary>
public sealed class ChainTests
{
    private const string Plugins = "/usr/lib/cni";

    /// <summary>What a runtime tells each plugin of the list that has the capability.</summary>
    private const string Limits = """
        {"runtimeConfig":{"bandwidth":{"ingressRate":8000000,"ingressBurst":8000000,"egressRate":8000000,"egressBurst":8000000}}}
        """;

    [KernelFact]
    public async Task Portmap_and_bandwidth_work_on_what_the_plugin_made()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        // portmap sets them for the namespace that it works in, and wants them to be there.
        node.Namespace.Exec("ip", "link", "set", "lo", "up");

        CniAnswer added = await CallAsync(node, pod, CniProgram.Path, "ADD", Config(node, "weft-cni", more: Limits));
        Assert.True(added.ExitCode == 0, added.Output + added.Error);
        CniAnswer mapped = await CallAsync(node, pod, Path.Combine(Plugins, "portmap"), "ADD", PortMap(node, added.Output));
        Assert.True(mapped.ExitCode == 0, mapped.Output + mapped.Error);
        CniAnswer limited = await CallAsync(node, pod, Path.Combine(Plugins, "bandwidth"), "ADD", Bandwidth(node, mapped.Output));
        Assert.True(limited.ExitCode == 0, limited.Output + limited.Error);

        string address = added.Json.GetProperty("ips")[0].GetProperty("address").GetString()!;
        Assert.Equal(address, limited.Json.GetProperty("ips")[0].GetProperty("address").GetString());
        Assert.Contains($"--to-destination {address.Split('/')[0]}:80", node.Namespace.Exec("iptables-save", "-t", "nat"), StringComparison.Ordinal);
        string device = added.Json.GetProperty("interfaces")[0].GetProperty("name").GetString()!;
        Assert.Contains("tbf", node.Namespace.Exec("tc", "qdisc", "show", "dev", device), StringComparison.Ordinal);
        CniAnswer check = await CallAsync(node, pod, CniProgram.Path, "CHECK", Config(node, "weft-cni", limited.Output));
        check.AssertSilentSuccess();

        // Backwards, each with the result of the whole list.
        Assert.Equal(0, (await CallAsync(node, pod, Path.Combine(Plugins, "bandwidth"), "DEL", Bandwidth(node, limited.Output))).ExitCode);
        Assert.Equal(0, (await CallAsync(node, pod, Path.Combine(Plugins, "portmap"), "DEL", PortMap(node, limited.Output))).ExitCode);
        (await CallAsync(node, pod, CniProgram.Path, "DEL", Config(node, "weft-cni", limited.Output))).AssertSilentSuccess();
        Assert.DoesNotContain(device, node.Devices());
        Assert.DoesNotContain(address.Split('/')[0], node.Namespace.Exec("iptables-save", "-t", "nat"), StringComparison.Ordinal);
    }

    private static string PortMap(TestNode node, string previous) => Config(node, "portmap", previous, """
        {"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}}
        """);

    private static string Bandwidth(TestNode node, string previous) => Config(node, "bandwidth", previous, Limits);

    /// <summary>A member of the list as a runtime hands it over. Debian's plugins speak up to 1.0.0.</summary>
    private static string Config(TestNode node, string type, string? previous = null, string more = "{}")
    {
        JsonObject config = JsonNode.Parse(more)!.AsObject();
        config["cniVersion"] = "1.0.0";
        config["name"] = "pods";
        config["type"] = type;
        config["socket"] = node.Socket;
        config["prevResult"] = previous is null ? null : JsonNode.Parse(previous);
        return config.ToJsonString();
    }

    private static async Task<CniAnswer> CallAsync(TestNode node, TestNamespace pod, string plugin, string command, string config)
    {
        ProcessStartInfo start = new("nsenter", [$"--net={node.Namespace.Path}", plugin]);
        start.Environment["CNI_PATH"] = Plugins;
        using Process process = CniProgram.Start(start, pod.Path, command);
        return await CniProgram.FinishAsync(process, config);
    }
}
