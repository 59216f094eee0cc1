using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weft.Abi;
using Weft.Agent.Tests.Harness;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Datapath.Metrics;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>A new pod's program hangs on a filter at first, and on a link of its own when nobody waits for a pod.</summary>
public sealed partial class SettlingTests
{
    private const string Qdisc = "clsact";

    [KernelFact]
    public async Task A_new_pod_has_a_filter_and_later_a_link_and_no_filter()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        string device = await NewPodAsync(node);

        Assert.NotNull(ProgramOfFilter(node, device));
        await SettledAsync(node, device);
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync("cni-attachment-id:" + await NameAsync(node))).OverallHealth);
    }

    [KernelFact]
    public async Task An_agent_that_finds_a_filter_replaces_its_program_and_makes_the_link()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        string device = await NewPodAsync(node);
        await agent.KillAsync();
        uint before = ProgramOfFilter(node, device)!.Value;

        await node.StartAsync();

        Assert.NotEqual(before, ProgramOfFilter(node, device) ?? ProgramOfLink(node, device));
        Assert.Equal("OK", (await node.Client.GetEndpointHealthAsync("cni-attachment-id:" + await NameAsync(node))).OverallHealth);
        await SettledAsync(node, device);
    }

    [KernelFact]
    public async Task An_agent_that_finds_both_replaces_the_links_program_and_takes_the_filter_away()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        string device = await NewPodAsync(node);
        await SettledAsync(node, device);
        await agent.KillAsync();
        uint before = ProgramOfLink(node, device)!.Value;
        AddFilter(node, device, before);

        await node.StartAsync();

        Assert.NotEqual(before, ProgramOfLink(node, device));
        await SettledAsync(node, device);
    }

    [KernelFact]
    public async Task A_filter_of_somebody_else_on_the_device_stays()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        string device = await NewPodAsync(node);
        node.Namespace.Exec("tc", "filter", "add", "dev", device, "egress", "pref", "7", "protocol", "all", "bpf", "bytecode", "1,6 0 0 0");

        await Eventually.BecomesAsync("the link", () => Task.FromResult(ProgramOfLink(node, device)), program => program is not null);
        await Eventually.BecomesAsync("no filter of ours", () => Task.FromResult(ProgramOfFilter(node, device)), program => program is null);

        Assert.Contains("pref 7", node.Namespace.Exec("tc", "filter", "show", "dev", device, "egress"), StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task No_packet_is_lost_or_handled_twice_while_the_link_takes_the_place_of_the_filter()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        string device = (await node.CreateEndpointAsync(pod)).Status!.Networking!.InterfaceName!;
        Assert.Equal(1, Ping.Answers(pod, node.Address, 1)); // so that neighbours are known
        using Socket server = node.Namespace.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        server.Bind(new IPEndPoint(IPAddress.Parse(node.Address), 0));
        using Socket client = pod.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        client.Connect(server.LocalEndPoint!);
        ulong counted = Forwarded(node);

        ulong sent = 0;
        byte[] buffer = new byte[64];
        server.ReceiveTimeout = 10_000;
        for (DateTime end = default; end == default || DateTime.UtcNow < end; sent++)
        {
            client.Send([1, 2, 3, 4]);
            Assert.Equal(4, server.Receive(buffer)); // one at a time, so that no queue overflows
            if (end == default && sent % 64 == 0 && ProgramOfLink(node, device) is not null && ProgramOfFilter(node, device) is null)
            {
                end = DateTime.UtcNow.AddMilliseconds(50);
            }
        }

        Assert.Equal(counted + sent, Forwarded(node));
    }

    private static async Task<string> NewPodAsync(TestNode node) =>
        (await node.CreateEndpointAsync(node.NewPod())).Status!.Networking!.InterfaceName!;

    private static async Task<string> NameAsync(TestNode node) => (await node.Client.GetEndpointsAsync())
        .Select(endpoint => endpoint.Status!.ExternalIdentifiers!.CniAttachmentId).First(name => !string.IsNullOrEmpty(name))!;

    private static async Task SettledAsync(TestNode node, string device)
    {
        await Eventually.BecomesAsync(
            "a link", () => Task.FromResult(ProgramOfLink(node, device)), program => program is not null);
        await Eventually.BecomesAsync(
            "no qdisc", () => Task.FromResult(node.Namespace.Exec("tc", "qdisc", "show", "dev", device)),
            shown => !shown.Contains(Qdisc, StringComparison.Ordinal));
    }

    private static uint? ProgramOfFilter(TestNode node, string device) =>
        FilterId().Match(node.Namespace.Exec("tc", "filter", "show", "dev", device, "ingress")) is { Success: true } match
            ? uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    private static uint? ProgramOfLink(TestNode node, string device)
    {
        using BpfLink? link = BpfLink.TryOpenPinned(Path.Combine(node.BpfRoot, "links", device + "_ingress"));
        return link?.GetInfo() is { IsAttached: true } info ? info.ProgramId.Value : null;
    }

    // As an agent leaves it that is killed after the link and before the filter's end.
    private static void AddFilter(TestNode node, string device, uint program)
    {
        string pin = Path.Combine(node.BpfRoot, "test_program");
        Tool.Run("bpftool", "prog", "pin", "id", program.ToString(CultureInfo.InvariantCulture), pin);
        node.Namespace.Exec("tc", "qdisc", "add", "dev", device, Qdisc);
        node.Namespace.Exec("tc", "filter", "add", "dev", device, "ingress", "pref", "1", "handle", "1", "bpf", "da", "pinned", pin);
        File.Delete(pin);
        Assert.NotNull(ProgramOfFilter(node, device));
    }

    private static ulong Forwarded(TestNode node)
    {
        using BpfMap map = BpfMap.OpenPinned(Path.Combine(node.BpfRoot, "maps", "weft_metrics"));
        return MetricsReader.Read(map.AsPerCpu<uint, MetricValue>())
            .Where(row => row is { Reason: DropReason.Forwarded, Direction: MetricDirection.Egress })
            .Aggregate(0ul, (sum, row) => sum + row.Packets);
    }

    [GeneratedRegex(@"\bid (\d+)")]
    private static partial Regex FilterId();
}
