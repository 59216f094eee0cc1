using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary><c>weft monitor</c> in front of real packets.</summary>
[Collection(SharedLabTests.Name)]
public sealed partial class MonitorTests(SharedLab shared)
{
    private const string Question = "import socket,sys; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
        + "s.sendto(bytes.fromhex('000701000001000000000000') + b'\\3www\\7example\\3com\\0\\0\\1\\0\\1', (sys.argv[1], 53))";

    private const string Request = "import socket,sys; s=socket.create_connection((sys.argv[1], int(sys.argv[2])), 10); "
        + "s.sendall(b'GET /weft HTTP/1.1\\r\\nHost: west\\r\\n\\r\\n'); s.recv(10)";

    private RealLab Lab => shared.Lab;

    [KernelFact]
    public void A_ping_is_a_line_in_words_over_both_nodes()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--join", "--pod", $"default/{Pods.East}", "--protocol", "icmp");

        Ping(Pods.East, $"{Pods.WestAddress}", 1);

        Assert.Matches(
            $@"^default/{Pods.East} → default/{Pods.West} ICMP echo request 1: left by weft_vxlan on bpf1 with identity {Lab.Identity(Pods.East)}, delivered on bpf2 after \d+ µs$",
            watch.Next(line => line.Contains("request 1", StringComparison.Ordinal)));
        Assert.Matches(
            $@"^default/{Pods.West} → default/{Pods.East} ICMP echo reply 1: left by weft_vxlan on bpf2 with identity {Lab.Identity(Pods.West)}, delivered on bpf1 after \d+ µs$",
            watch.Next(line => line.Contains("reply 1", StringComparison.Ordinal)));
    }

    [KernelFact]
    public void A_drop_is_a_line_in_words_with_its_reason()
    {
        const string nobody = "10.0.0.99";
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--join", "--to-ip", nobody);

        Lab.ExecUnchecked(Pods.East, "ping", "-c", "1", "-W", "1", nobody);

        string line = watch.Next(line => line.Contains("dropped", StringComparison.Ordinal));
        Assert.True(
            Regex.IsMatch(line, $@"^default/{Pods.East} → {Regex.Escape(nobody)} ICMP echo request 1: .*dropped on bpf\d( after \d+ µs)?: [A-Z][^()]+ \([\w.]+:\d+\)$"), line);
    }

    [KernelFact]
    public void Lines_of_several_nodes_begin_with_the_nodes_name()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--ip", $"{Pods.EastAddress}", "--protocol", "icmp", "-c", "12");

        Ping(Pods.East, $"{Pods.WestAddress}", 2);

        string[] lines = [.. watch.End(interrupt: false).Skip(2)];
        Assert.Equal(12, lines.Length);
        Assert.Equal(0, watch.ExitCode);
        Assert.Contains(lines, line => line.StartsWith("bpf1: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("bpf2: ", StringComparison.Ordinal));
    }

    [KernelFact]
    public void A_dns_query_says_what_it_asks_for()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--node", Pods.EastNode, "--protocol", "dns", "--from-pod", Pods.East);

        Lab.Exec(Pods.East, "python3", "-c", Question, $"{Pods.WestAddress}");

        Assert.EndsWith($" -> {Pods.WestAddress}:53 udp dns query A www.example.com", watch.Next(line => line.Contains("dns", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_http_request_shows_its_first_line_and_host()
    {
        const int port = 8098;
        using EchoServer server = new(Lab.Member(Pods.West), port, $"{Pods.WestAddress}");
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--node", Pods.WestNode, "--protocol", "http", "--port", $"{port}", "--filter", $"tcp and host {Pods.WestAddress}");

        Lab.Exec(Pods.East, "python3", "-c", Request, $"{Pods.WestAddress}", $"{port}");

        Assert.Contains(
            $":{port} tcp ACK http GET /weft HTTP/1.1 host west",
            watch.Next(line => line.Contains("-> endpoint", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Filters_leave_out_what_was_not_asked_for()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--node", Pods.WestNode, "--label", "app=web", "--interface", "weft_vxlan");
        using MonitorWatch other = MonitorWatch.Start(Lab, "--node", Pods.WestNode, "--not", "--ip", $"{Pods.WebAddress}");

        Ping(Pods.East, $"{Pods.WestAddress}", 1);
        Ping(Pods.East, $"{Pods.WebAddress}", 1);

        // The ping to the web pod came last: what stands before its first line is all that came.
        string first = watch.Next(line => line.Contains("weft_vxlan", StringComparison.Ordinal));
        Assert.Contains($"{Pods.WebAddress}", first, StringComparison.Ordinal);
        string[] left = [.. other.End().Skip(2)];
        Assert.NotEmpty(left);
        Assert.DoesNotContain(left, line => line.Contains($"{Pods.WebAddress} ", StringComparison.Ordinal));
    }

    [KernelTheory]
    [InlineData("medium")]
    [InlineData("max")]
    public void Folded_counts_and_printed_lines_add_up(string level)
    {
        const int pings = 100;
        string[] filter = ["--node", Pods.EastNode, "--pod", Pods.East, "--protocol", "icmp"];
        using MonitorWatch all = MonitorWatch.Start(Lab, filter);
        using MonitorWatch folded = MonitorWatch.Start(Lab, [.. filter, "--aggregate", level]);

        Ping(Pods.East, $"{Pods.WestAddress}", pings);
        for (int delivered = 0; delivered < pings; delivered++)
        {
            all.Next(line => line.StartsWith("-> endpoint", StringComparison.Ordinal));
        }

        int every = all.End().Count(IsEvent);
        IReadOnlyList<string> lines = folded.End();
        int counted = lines.Select(line => FoldedPattern().Match(line)).Where(match => match.Success).Sum(match => int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
        int printed = lines.Count(IsEvent);

        Assert.Equal(every, counted + printed);
        Assert.InRange(printed, 1, 12);
    }

    [KernelFact]
    public void The_bytes_of_a_packet_are_those_that_were_sent()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--node", Pods.EastNode, "--hex", "-c", "1", "--from-ip", $"{Pods.EastAddress}", "--protocol", "icmp");

        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", "-p", "5745", $"{Pods.WestAddress}");

        string hex = watch.End(interrupt: false)[^1].Trim();
        Assert.Contains("5745574557455745", hex, StringComparison.Ordinal);
        Assert.Equal(98, Convert.FromHexString(hex).Length);
    }

    [KernelFact]
    public void Joined_packets_are_objects_for_programs()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--join", "--color", "always", "--ip", $"{Pods.EastAddress}");
        ToolResult result = default!;
        Task json = Task.Run(() => result = Lab.WeftUnchecked("monitor", "--join", "--ip", $"{Pods.EastAddress}", "--protocol", "icmp", "-o", "json", "-c", "1", "--duration", "60s"));
        while (!json.IsCompleted)
        {
            Ping(Pods.East, $"{Pods.WestAddress}", 1);
        }

        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("packet", document.RootElement.GetProperty("type").GetString());
        Assert.NotEmpty(document.RootElement.GetProperty("events").EnumerateArray());
        Assert.StartsWith("\e[3", watch.Next(line => line.Contains('→')), StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_happens_to_services_is_told()
    {
        using MonitorWatch watch = MonitorWatch.Start(Lab, "--node", Pods.WestNode, "--type", "agent");

        ServiceManifest service = new("monitored", "10.96.0.77", "fd00:10:96::77", $"{Pods.WestAddress}@{Pods.WestNode}");

        Lab.Apply(service);
        Lab.Delete(service);

        Assert.StartsWith(
            """>> Service upserted: {"name":"default/monitored","addresses":["10.96.0.77""",
            watch.Next(line => line.Contains("monitored", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith(
            """>> Service deleted: {"name":"default/monitored",""",
            watch.Next(line => line.Contains("Service deleted", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static bool IsEvent(string line) => line.StartsWith("->", StringComparison.Ordinal) || line.StartsWith("<-", StringComparison.Ordinal);

    private void Ping(string from, string to, int count) =>
        Lab.Exec(from, "ping", "-c", count.ToString(CultureInfo.InvariantCulture), "-i", "0.02", "-W", "5", to);

    [GeneratedRegex(@"^\+\+ (?<count>\d+) more in ")]
    private static partial Regex FoldedPattern();
}
