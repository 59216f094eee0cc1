using System.Text.Json.Nodes;
using Weft.Abi;
using Weft.Bpf;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary>The <c>bpf</c> lists print what the kernel's maps hold, with no agent.</summary>
public class MapListTests
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private static readonly WeftAddress s_pod = WeftAddress.Parse("10.0.1.180");
    private static readonly WeftAddress s_other = WeftAddress.Parse("10.0.1.20");
    private static readonly WeftAddress s_remote = WeftAddress.Parse("10.0.0.23");

    [KernelTheory]
    [InlineData("bpf endpoint list", "bpf-endpoint-list.txt")]
    [InlineData("bpf endpoint list -o json", "bpf-endpoint-list.json")]
    [InlineData("bpf ipcache list", "bpf-ipcache-list.txt")]
    [InlineData("bpf ipcache list -o json", "bpf-ipcache-list.json")]
    [InlineData("bpf ct list", "bpf-ct-list.txt")]
    [InlineData("bpf ct list global -d", "bpf-ct-list-time-diff.txt")]
    [InlineData("bpf ct list 1429", "bpf-ct-list-endpoint.txt")]
    [InlineData("bpf ct list -o json", "bpf-ct-list.json")]
    [InlineData("bpf metrics list", "bpf-metrics-list.txt")]
    [InlineData("bpf metrics list -o json", "bpf-metrics-list.json")]
    [InlineData("bpf node list", "bpf-node-list.txt")]
    [InlineData("bpf node list -o json", "bpf-node-list.json")]
    public async Task Content_prints_as_recorded(string line, string golden)
    {
        using PinnedMaps maps = Filled();

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} {line}");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [KernelTheory]
    [InlineData("bpf endpoint list", "IP ADDRESS   LOCAL ENDPOINT INFO\n")]
    [InlineData("bpf ct list", "")]
    [InlineData("bpf metrics list", "REASON   DIRECTION   PACKETS   BYTES\n")]
    public async Task Empty_map_is_an_empty_list(string line, string output)
    {
        using PinnedMaps maps = new();

        Assert.Equal(new CliResult(0, output, ""), await CliRun.Weft($"--bpf-root {maps.Root} {line}"));
        CliResult json = await CliRun.Weft($"--bpf-root {maps.Root} {line} -o json");
        Assert.Empty(JsonNode.Parse(json.Output)!.AsArray());
    }

    [KernelFact]
    public async Task Connections_of_an_unknown_endpoint_are_a_failure()
    {
        using PinnedMaps maps = Filled();

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} bpf ct list 7");

        Assert.Equal(
            new CliResult(1, "", "weft: list connections of endpoint 7: the datapath has no such endpoint (see 'weft bpf endpoint list')\n"),
            result);
    }

    [KernelFact]
    public async Task Pin_of_another_layout_is_refused()
    {
        using PinnedMaps maps = new();
        maps.Nodes.Untyped.Pin($"{maps.Root}/maps/moved");
        File.Delete($"{maps.Root}/maps/weft_ipcache");
        maps.Nodes.Untyped.Pin($"{maps.Root}/maps/weft_ipcache");

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} bpf ipcache list");

        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.StartsWith("weft: ", result.Error, StringComparison.Ordinal);
    }

    private static PinnedMaps Filled()
    {
        PinnedMaps maps = new();
        FillEndpoints(maps);
        FillIpcache(maps);
        FillConntrack(maps);
        FillMetrics(maps);
        maps.Nodes.Update(WeftAddress.Parse("192.168.2.62"), new NodeValue { Identity = 6, Id = 2 });
        maps.Nodes.Update(WeftAddress.Parse("192.168.2.61"), new NodeValue { Identity = 1, Id = 1 });
        return maps;
    }

    private static void FillEndpoints(PinnedMaps maps)
    {
        maps.Endpoints.Update(WeftAddress.Parse("192.168.2.61"), new EndpointValue { Identity = 1, Flags = EndpointFlags.Host });
        maps.Endpoints.Update(s_pod, Pod(3663, 37483, 24, "fe:55:fa:02:ee:e5", "d2:f1:29:4b:bd:9d"));
        maps.Endpoints.Update(s_other, Pod(1429, 12057, 9, "42:4a:ca:d9:16:b5", "4e:51:12:28:98:b2"));
    }

    private static EndpointValue Pod(ushort id, uint identity, uint ifIndex, string mac, string nodeMac)
    {
        Assert.True(WeftMac.TryParse(mac, out WeftMac inside));
        Assert.True(WeftMac.TryParse(nodeMac, out WeftMac outside));
        return new EndpointValue { Id = id, Identity = identity, IfIndex = ifIndex, Mac = inside, NodeMac = outside };
    }

    private static void FillIpcache(PinnedMaps maps)
    {
        maps.Ipcache.Update(Prefix(s_remote, 32), new IpcacheValue { Identity = 37483, TunnelEndpoint = WeftAddress.Parse("192.168.2.62").IPv4 });
        maps.Ipcache.Update(Prefix(s_pod, 32), new IpcacheValue { Identity = 37483 });
        maps.Ipcache.Update(Prefix(WeftAddress.Parse("0.0.0.0"), 0), new IpcacheValue { Identity = 2 });
        maps.Ipcache.Update(new IpcacheKey { PrefixLen = 64, Addr = WeftAddress.Parse("fd00:10::") }, new IpcacheValue { Identity = 2 });
    }

    private static IpcacheKey Prefix(WeftAddress address, uint length) =>
        new() { PrefixLen = WeftAddress.IPv4PrefixBits + length, Addr = address };

    private static void FillConntrack(PinnedMaps maps)
    {
        maps.ConntrackTcp.Update(
            new ConntrackKey { Local = s_pod, Remote = s_remote, LocalPort = 39092, RemotePort = 5999, Proto = Tcp },
            new ConntrackValue
            {
                TxPackets = 13, TxBytes = 1295, RxPackets = 14, RxBytes = 1245, Expires = 5010, TxReport = 4999, RxReport = 4998,
                SrcIdentity = 37483, Flags = ConntrackFlags.LocalBegan, TxFlagsSeen = 0x1b, RxFlagsSeen = 0x13,
                TxClosing = 1, RxClosing = 1, SeenNonSyn = 1,
            });
        maps.ConntrackTcp.Update(
            new ConntrackKey { Local = s_other, Remote = s_remote, LocalPort = 80, RemotePort = 40000, Proto = Tcp },
            new ConntrackValue { RxPackets = 1, RxBytes = 74, Expires = 4990, SrcIdentity = 37483, RxFlagsSeen = 0x02 });
        maps.ConntrackAny.Update(
            new ConntrackKey { Local = s_pod, Remote = s_remote, LocalPort = 15872, Proto = Icmp },
            new ConntrackValue
            {
                TxPackets = 1, TxBytes = 98, RxPackets = 1, RxBytes = 98, Expires = 5060, SrcIdentity = 37483, Flags = ConntrackFlags.LocalBegan,
            });
        maps.ConntrackTcp.Update(
            new ConntrackKey { Local = s_pod, Remote = WeftAddress.Parse("198.51.100.7"), LocalPort = 41000, RemotePort = 443, Proto = Tcp },
            new ConntrackValue
            {
                TxPackets = 1, TxBytes = 74, Expires = 5060, SrcIdentity = 37483, TxFlagsSeen = 0x02, NatPort = 41000,
                Flags = ConntrackFlags.LocalBegan | ConntrackFlags.Masqueraded,
            });
        maps.ConntrackAny.Update(
            new ConntrackKey
            {
                Local = s_pod, Remote = WeftAddress.Parse("10.96.0.10"), LocalPort = 5353, RemotePort = 53, Proto = Udp,
                Scope = ConntrackScope.Service,
            },
            new ConntrackValue
            {
                TxPackets = 1, TxBytes = 80, Expires = 5060, SrcIdentity = 37483, ServiceId = 7, BackendId = 3, NatPort = 40003,
                Flags = ConntrackFlags.LocalBegan | ConntrackFlags.Hairpin,
            });
        maps.ConntrackAny.Update(
            new ConntrackKey { Local = s_pod, Remote = WeftAddress.Parse("fd00::1"), LocalPort = 5353, RemotePort = 53, Proto = Udp },
            new ConntrackValue { TxPackets = 2, TxBytes = 120, Expires = 5060, SrcIdentity = 37483, Flags = ConntrackFlags.LocalBegan });
    }

    private static void FillMetrics(PinnedMaps maps)
    {
        Count(maps, DropReason.Forwarded, MetricDirection.Egress, 90, 1581496);
        Count(maps, DropReason.Forwarded, MetricDirection.Ingress, 25, 1919);
        Count(maps, DropReason.InvalidSourceIP, MetricDirection.Egress, 1, 42);
    }

    /// <summary>Spread over two CPUs where there are two, so that what is printed is a sum.</summary>
    private static void Count(PinnedMaps maps, DropReason reason, MetricDirection direction, ulong packets, ulong bytes)
    {
        MetricValue[] values = new MetricValue[PossibleCpus.Count];
        values[0] = new MetricValue { Packets = packets - 1, Bytes = bytes - 10 };
        values[^1] = new MetricValue { Packets = values[^1].Packets + 1, Bytes = values[^1].Bytes + 10 };
        maps.Metrics.Update(MetricValue.IndexOf(reason, direction), values);
    }
}
