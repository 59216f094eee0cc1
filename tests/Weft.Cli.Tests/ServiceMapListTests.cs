using System.Text.Json.Nodes;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>bpf lb list</c> and <c>bpf nat list</c> print what the kernel's maps hold, with no agent.</summary>
public class ServiceMapListTests
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    [KernelTheory]
    [InlineData("bpf lb list", "bpf-lb-list.txt")]
    [InlineData("bpf lb list -o json", "bpf-lb-list.json")]
    [InlineData("bpf lb list --backends", "bpf-lb-list-backends.txt")]
    [InlineData("bpf lb list --revnat", "bpf-lb-list-revnat.txt")]
    [InlineData("bpf lb list --source-ranges", "bpf-lb-list-source-ranges.txt")]
    [InlineData("bpf lb list --maglev 8", "bpf-lb-list-maglev.txt")]
    [InlineData("bpf nat list", "bpf-nat-list.txt")]
    [InlineData("bpf nat list -o json", "bpf-nat-list.json")]
    public async Task Content_prints_as_recorded(string line, string golden)
    {
        using PinnedMaps maps = Filled();

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} {line}");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [KernelTheory]
    [InlineData("--backends", 3)]
    [InlineData("--revnat", 3)]
    [InlineData("--source-ranges", 3)]
    [InlineData("--maglev 8", 2)]
    public async Task Every_view_has_json(string view, int length)
    {
        using PinnedMaps maps = Filled();

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} bpf lb list {view} -o json");

        Assert.Equal(length, JsonNode.Parse(result.Output)!.AsArray().Count);
    }

    [KernelTheory]
    [InlineData("bpf lb list", "SERVICE ADDRESS   BACKEND ADDRESS (REVNAT_ID) (SLOT)\n")]
    [InlineData("bpf nat list", "")]
    public async Task Empty_map_is_an_empty_list(string line, string output)
    {
        using PinnedMaps maps = new();

        Assert.Equal(new CliResult(0, output, ""), await CliRun.Weft($"--bpf-root {maps.Root} {line}"));
    }

    [KernelFact]
    public async Task A_service_without_a_table_is_a_failure()
    {
        using PinnedMaps maps = new();

        CliResult result = await CliRun.Weft($"--bpf-root {maps.Root} bpf lb list --maglev 9");

        Assert.Equal(
            new CliResult(
                1, "",
                "weft: list the Maglev table of service 9: the datapath has none (see 'weft bpf lb list' for services with [maglev])\n"),
            result);
    }

    [Fact]
    public async Task Two_views_at_once_are_a_usage_error()
    {
        CliResult result = await CliRun.Weft("bpf lb list --backends --maglev 9");

        Assert.Equal(2, result.Code);
        Assert.StartsWith("weft: give only one of --backends, --revnat, --source-ranges, --maglev", result.Error, StringComparison.Ordinal);
    }

    private static PinnedMaps Filled()
    {
        PinnedMaps maps = new();
        maps.Backends.Update(1, Backend("10.0.1.180", 8080, Tcp));
        maps.Backends.Update(2, Backend("10.0.0.23", 8080, Tcp));
        maps.Backends.Update(3, Backend("fd00:10::23", 5353, Udp));
        Service(maps, "10.96.0.10", 80, Tcp, 7, ServiceFlags.ClusterOnly, affinity: 10800, @internal: [1, 2], external: []);
        Service(
            maps, "0.0.0.0", 30080, Tcp, 8, ServiceFlags.Maglev | ServiceFlags.SourceRanges, affinity: 0, @internal: [1, 2], external: [1]);
        Service(maps, "fd00:20::1", 53, Udp, 9, ServiceFlags.Dsr, affinity: 0, @internal: [3, 4], external: [3, 4]);
        Range(maps, 8, 96 + 8, "10.0.0.0");
        Range(maps, 8, 16, "fd00::");
        Range(maps, 70, 96, "0.0.0.0");
        using BpfMap table = PinnedMaps.NewTable();
        table.As<uint, uint>().UpdateBatch([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 2, 1, 1, 2, 1, 1]);
        maps.Maglev.SetInnerMap(8u, table);
        FillNat(maps);
        return maps;
    }

    private static BackendValue Backend(string address, ushort port, byte protocol) =>
        new() { Addr = WeftAddress.Parse(address), Port = port, Proto = protocol };

    private static void Service(
        PinnedMaps maps, string address, ushort port, byte protocol, uint id, ServiceFlags flags, uint affinity, uint[] @internal, uint[] external)
    {
        ServiceCounts count = default;
        for (ServiceList list = 0; list < ServiceList.Lists; list++)
        {
            uint[] backends = list == ServiceList.Internal ? @internal : external;
            count[(int)list] = (ushort)backends.Length;
            for (uint slot = 0; slot < backends.Length; slot++)
            {
                maps.ServiceSlots.Update(new ServiceSlotKey { ServiceId = id, Generation = 5, List = list, Slot = slot }, backends[slot]);
            }
        }

        maps.Services.Update(
            new ServiceKey { Addr = WeftAddress.Parse(address), Port = port, Proto = protocol },
            new ServiceValue { Id = id, AffinityTimeout = affinity, Flags = flags, Generation = 5, Count = count });
    }

    private static void Range(PinnedMaps maps, uint service, uint bits, string address) => maps.SourceRanges.Update(
        new SourceRangeKey { PrefixLen = 32 + bits, ServiceId = service, Addr = WeftAddress.Parse(address) }, 1);

    private static void FillNat(PinnedMaps maps)
    {
        WeftAddress node = WeftAddress.Parse("192.168.2.61");
        WeftAddress world = WeftAddress.Parse("198.51.100.7");
        maps.Nat.Update(
            new NatKey { Remote = world, RemotePort = 443, Addr = node, Port = 41000, Proto = Tcp },
            new NatValue { OrigAddr = WeftAddress.Parse("10.0.1.180"), OrigPort = 41000, Flags = NatFlags.Pod, Created = 4278, Expires = 12278 });
        maps.Nat.Update(
            new NatKey { Remote = WeftAddress.Parse("192.168.2.62"), RemotePort = 8472, Addr = node, Port = 53008, Proto = Udp },
            new NatValue { OrigAddr = node, OrigPort = 53008, Flags = NatFlags.Host, Created = 4278, Expires = 4338 });
        maps.Nat.Update(
            new NatKey { Remote = WeftAddress.Parse("10.0.0.23"), RemotePort = 8080, Addr = WeftAddress.Parse("10.0.1.254"), Port = 40001, Proto = Tcp },
            new NatValue
            {
                OrigAddr = world, OrigPort = 50000, FrontAddr = node, FrontPort = 30080, ServiceId = 8, Flags = NatFlags.Client, Created = 4300,
                Expires = 12300,
            });
    }
}
