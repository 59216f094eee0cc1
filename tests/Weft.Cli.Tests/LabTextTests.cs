using System.Net;
using Weft.Api.Endpoints;
using Weft.Cli.Lab;
using Weft.Lab.Probes;
using Weft.Lab.State;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class LabTextTests
{
    private static readonly PodReport s_pod = new("web", "10.0.1.7", "fd00:10:1::7", 12, 4711, EndpointState.Ready, ["k8s:app=web"], "weft-l-web");

    private static readonly NodeReport s_node = new(
        "east", "192.168.2.1", "fd00:2::1", "10.0.1.0/24", "fd00:10:1::/64", 99, null, "weft-l-east", "/run/weft.sock", "/run/agent.log", [s_pod]);

    private static readonly OutsideReport s_host = new("client", "203.0.113.10/24", "2001:db8:113::10/64", true, "weft-l-client");

    [Fact]
    public void A_lab_of_both_families_has_columns_for_both() =>
        Golden.Matches("lab-status-dual.txt", Status(new LabReport("l", LabPhase.Up, [s_node], [s_host])));

    [Fact]
    public void A_lab_of_IPv4_has_columns_for_it_alone()
    {
        NodeReport node = s_node with { Address6 = null, PodCidr6 = null, Pods = [s_pod with { Address6 = null }] };

        Golden.Matches("lab-status.txt", Status(new LabReport("l", LabPhase.Up, [node], [])));
    }

    [Fact]
    public void A_host_that_is_missing_makes_a_lab_sick()
    {
        LabReport report = new("l", LabPhase.Up, [s_node], [s_host with { Exists = false }]);

        Assert.False(report.IsHealthy);
        Assert.Contains("missing", Status(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Pings_of_both_families_are_two_tables()
    {
        Reach[] reaches =
        [
            Reached("a", "b", "10.0.1.2", 0.12), Reached("a", "b", "fd00::2", 0.13),
            Reached("b", "a", "10.0.1.1", 12.3), Lost("b", "a", "fd00::1"),
        ];

        Golden.Matches("lab-ping-dual.txt", Table(reaches));
    }

    [Fact]
    public void Pings_of_one_family_are_one() =>
        Golden.Matches("lab-ping.txt", Table([Reached("a", "b", "10.0.1.2", 0.12), Lost("b", "a", "10.0.1.1")]));

    private static Reach Reached(string source, string destination, string address, double milliseconds) => new(
        new ProbePair(source, destination, IPAddress.Parse(address)),
        new EchoResult(IPAddress.Parse(address), null, 63, 64, TimeSpan.FromMilliseconds(milliseconds)));

    private static Reach Lost(string source, string destination, string address) => new(
        new ProbePair(source, destination, IPAddress.Parse(address)), new EchoResult(null, "no answer within 2 s", 0, 0, TimeSpan.FromSeconds(2)));

    private static string Status(LabReport report)
    {
        using StringWriter output = new() { NewLine = "\n" };
        LabStatusText.Write(output, [report]);
        return output.ToString();
    }

    private static string Table(IReadOnlyList<Reach> reaches)
    {
        using StringWriter output = new() { NewLine = "\n" };
        PingTable.Write(output, ["a", "b"], ["a", "b"], reaches);
        return output.ToString();
    }
}
