using Weft.Agent.Tests.Harness;
using Weft.Api.Status;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class HostRouteTests
{
    private const string OwnRoute = "10.77.1.0/24 via 10.77.1.1 dev weft_host";

    [KernelFact]
    public async Task A_node_has_routes_to_its_own_pods_and_to_those_of_nodes_that_come()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await first.StartAsync(first.DualStack);
            await RoutesBecomeAsync(first, "own routes", routes => routes.Contains(OwnRoute, StringComparison.Ordinal));
            await second.StartAsync(second.DualStack);

            await RoutesBecomeAsync(first, "routes to the other node", routes =>
                routes.Contains("10.77.2.0/24 via 10.77.1.1 dev weft_host proto 87 src 10.77.1.1 mtu 1450", StringComparison.Ordinal)
                && routes.Contains("fd00:77:0:2::/64 dev weft_host proto 87 src fd00:77:0:1::1", StringComparison.Ordinal));
            Assert.Contains("weft_net_ingress", first.Pins("links"));
        }
    }

    [KernelTheory]
    [InlineData("ip route del 10.77.1.0/24")]
    [InlineData("ip link set weft_host down")]
    [InlineData("ip addr flush dev weft_host")]
    public async Task What_somebody_takes_away_comes_back_at_once(string command)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await RoutesBecomeAsync(node, "own routes", routes => routes.Contains(OwnRoute, StringComparison.Ordinal));

        string[] words = command.Split(' ');
        node.Namespace.Exec(words[0], words[1..]);

        await RoutesBecomeAsync(node, "own routes again", routes => routes.Contains(OwnRoute, StringComparison.Ordinal));
        Assert.Contains("inet 10.77.1.1/32", node.Namespace.Exec("ip", "addr", "show", "weft_host"), StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_strict_source_filter_of_the_machine_shows_in_the_status()
    {
        using TestNode node = TestNode.Create();
        node.Namespace.Exec("sysctl", "-w", "net.ipv4.conf.all.rp_filter=1");
        await node.StartAsync();

        StatusResponse status = await Eventually.BecomesAsync(
            "the status warns", () => node.Client.GetStatusAsync(), told => told.Agent!.State == ComponentState.Warning);

        Assert.Contains(status.Controllers!, controller => controller.Status!.LastFailureMessage?.Contains(
            "rp_filter is 1", StringComparison.Ordinal) == true);
    }

    private static Task<string> RoutesBecomeAsync(TestNode node, string what, Func<string, bool> condition) => Eventually.BecomesAsync(
        what, () => Task.FromResult(node.Namespace.Exec("ip", "route") + node.Namespace.Exec("ip", "-6", "route")), condition);
}
