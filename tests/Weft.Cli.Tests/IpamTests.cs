using Weft.Api;
using Weft.Api.Ipam;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class IpamTests
{
    private static readonly IpamListing s_listing = new()
    {
        Pools = [new IpamPool { Cidr = "10.0.1.0/24", Gateway = "10.0.1.1", Used = 3, Capacity = "253" }],
        Allocations =
        [
            new IpamAllocation { Address = "10.0.1.20", Owner = "default/web", Endpoint = 3663, InterfaceName = "lxc0123456789ab" },
            new IpamAllocation { Address = "10.0.1.21", Owner = "api", IsReserved = true },
            new IpamAllocation { Address = "10.0.1.22", Owner = "default/lost" },
        ],
    };

    [Theory]
    [InlineData("ipam list", "ipam-list.txt")]
    [InlineData("ipam list -o json", "ipam-list.json")]
    public async Task Addresses_are_listed_with_their_owners(string line, string golden)
    {
        using FakeAgent agent = new FakeAgent().On("GET /v1/ipam", Bpf1.Json(s_listing, ApiJson.Default.IpamListing));

        Golden.Matches(golden, (await CliRun.Weft(Bpf1.MachineOf(agent), line)).Output);
    }

    [Theory]
    [InlineData("GET", "ipam check", false, null, 1)]
    [InlineData("POST", "ipam check --repair", true, null, 0)]
    [InlineData("POST", "ipam check --repair", false, "busy", 1)]
    public async Task The_exit_code_says_whether_anything_is_still_wrong(string method, string line, bool repaired, string? failure, int code)
    {
        IpamProblem problem = new()
        {
            Kind = "device-without-endpoint",
            Subject = "lxc0123456789ab",
            Message = "no endpoint has this device",
            IsRepaired = repaired,
            Failure = failure,
        };
        using FakeAgent agent = new FakeAgent().On(
            $"{method} /v1/ipam/check", Bpf1.Json(new IpamCheck { Problems = [problem] }, ApiJson.Default.IpamCheck));

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(agent), line);

        Assert.Equal(code, result.Code);
        Assert.Contains("device-without-endpoint   lxc0123456789ab   no endpoint has this device", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_wrong_is_said_and_is_a_success()
    {
        using FakeAgent agent = new FakeAgent().On("GET /v1/ipam/check", """{"problems":[]}""");

        CliResult result = await CliRun.Weft(Bpf1.MachineOf(agent), "ipam check");

        Assert.Equal((0, "Addresses, endpoints, devices and maps agree.\n"), (result.Code, result.Output));
    }
}
