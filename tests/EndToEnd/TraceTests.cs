using System.Text.Json;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft trace' on paths where nothing is wrong: it shows the way, and blames nobody.</summary>
[Collection(SharedLabTests.Name)]
public sealed class TraceTests(SharedLab shared)
{
    private const string EastPod = "default/cni-6vf5d";
    private const string WestPod = "default/cni-j22kt";
    private const string WebPod = "default/web-k9x2p";

    private RealLab Lab => shared.Lab;

    /// <summary>Arguments of 'weft trace', words between blanks.</summary>
    public static TheoryData<string> Healthy =>
    [
        "cni-6vf5d cni-j22kt", "cni-j22kt cni-6vf5d", "cni-6vf5d web-k9x2p", "cni-j22kt web-k9x2p", "web-k9x2p cni-j22kt",
        "cni-6vf5d cni-j22kt -6", "cni-j22kt cni-6vf5d -6", "cni-j22kt web-k9x2p -6",
        "bpf1 cni-6vf5d", "bpf1 cni-j22kt", "bpf2 cni-6vf5d", "bpf1 cni-j22kt -6",
        "cni-6vf5d bpf1", "cni-6vf5d bpf2", "cni-6vf5d bpf2 -6",
        "bpf1 bpf2", "cni-6vf5d client", "cni-j22kt client -6", "client bpf1",
        "default/cni-6vf5d 10.0.0.23", "10.0.1.180 default/web-k9x2p", "cni-6vf5d cni-j22kt --size 1400",
    ];

    [KernelTheory]
    [MemberData(nameof(Healthy))]
    public void A_path_that_works_is_answered_and_nobody_is_blamed(string arguments)
    {
        TraceAnswer answer = TraceAnswer.Of(Lab, arguments.Split(' '));

        Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
        Assert.NotEmpty(answer.Hops("request"));
        Assert.NotEmpty(answer.Hops("reply"));
        Assert.Equal(0, answer.Json.GetProperty("lost_records").GetInt64());
    }

    /// <summary>The way of the notes that this system implements: shared/reference/pod-to-pod-vxlan-notes.txt.</summary>
    [KernelTheory]
    [InlineData(Pods.East, Pods.EastNode, Pods.West, Pods.WestNode)]
    [InlineData(Pods.East, Pods.EastNode, Pods.Web, Pods.WestNode)]
    [InlineData(Pods.West, Pods.WestNode, Pods.East, Pods.EastNode)]
    [InlineData(Pods.Web, Pods.WestNode, Pods.East, Pods.EastNode)]
    public void A_ping_to_another_node_takes_the_way_of_the_notes_there_and_back(string from, string fromNode, string to, string toNode)
    {
        TraceAnswer answer = TraceAnswer.Of(Lab, from, to);

        Assert.Equal(Overlay(fromNode, $"default/{from}", toNode).Append($"{toNode} default/{to} eth0 icmp_rcv delivered"), answer.Hops("request"));
        Assert.Equal(Overlay(toNode, $"default/{to}", fromNode).Append($"{fromNode} default/{from} socket of weft-agent"), WithoutPid(answer.Hops("reply")));
        Assert.All(
            answer.Json.GetProperty("hops").EnumerateArray().Where(hop => hop.TryGetProperty("vni", out _)),
            hop => Assert.Equal(Lab.Identity(hop.GetProperty("direction").GetString() == "request" ? from : to), hop.GetProperty("vni").GetUInt32()));
    }

    [KernelFact]
    public void A_ping_on_one_node_goes_from_pod_to_pod()
    {
        TraceAnswer answer = TraceAnswer.Of(Lab, Pods.West, Pods.Web);

        Assert.Equal(
            [
                $"bpf2 {WestPod} eth0 send", "bpf2 node lxc receive", "bpf2 node lxc weft_from_pod from-endpoint", "bpf2 node lxc weft_from_pod to-endpoint",
                $"bpf2 {WebPod} eth0 icmp_rcv delivered",
            ],
            answer.Hops("request"));
    }

    [KernelFact]
    public void What_changes_on_the_way_is_told_where_it_changes()
    {
        TraceAnswer answer = TraceAnswer.Of(Lab, Pods.East, Pods.Outside);

        string[] changes =
        [
            .. answer.Json.GetProperty("hops").EnumerateArray().Where(hop => hop.GetProperty("direction").GetString() == "request")
                .SelectMany(hop => hop.GetProperty("delta").EnumerateArray())
                .Select(change => $"{change.GetProperty("field").GetString()} {change.GetProperty("before").GetString()} {change.GetProperty("after").GetString()}"),
        ];
        Assert.Contains("source 10.0.1.180 192.168.2.61", changes);
        Assert.Contains("ttl 64 63", changes);
    }

    [KernelFact]
    public void A_connection_is_traced_by_its_first_packet_and_the_answer_to_it()
    {
        using EchoServer server = new(Lab.Member(Pods.West), 7070);

        TraceAnswer answer = TraceAnswer.Of(Lab, Pods.East, $"{Pods.West}:7070");

        Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
        Assert.Contains("SYN", answer.Json.GetProperty("hops")[0].GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_capture_file_has_an_interface_for_every_hop_and_says_what_was_decided()
    {
        string file = Path.GetTempFileName();
        try
        {
            Tool.Run("sh", "-c", $"'{WeftProgram.Path}' --lab {Lab.Name} trace {Pods.East} {Pods.West} -o pcapng > '{file}'");
            string[][] packets =
            [
                .. Tool.Run("tshark", "-r", file, "-d", "udp.port==8472,vxlan", "-T", "fields", "-e", "frame.interface_name", "-e", "frame.comment", "-e", "vxlan.vni", "-e", "icmp.type", "-e", "icmp.checksum.status")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')),
            ];

            Assert.Equal(28, packets.Length);
            Assert.Equal([$"bpf1/{EastPod}/eth0", "request; send", "", "8"], packets[0][..4]);
            string identity = $"{Lab.Identity(Pods.East)}";
            Assert.Contains(packets, packet => packet[0] == "bpf1/node/weft_vxlan" && packet[1].Contains($"weft_from_pod; to-overlay; identity {identity}", StringComparison.Ordinal));
            Assert.Contains(packets, packet => packet[0] == "bpf2/node/ens3" && packet[2] == identity && packet[3] == "8");
            Assert.All(packets, packet => Assert.Equal("1", packet[4]));
            Assert.Empty(Tool.Run("tshark", "-r", file, "-d", "udp.port==8472,vxlan", "-Y", "_ws.malformed").Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [KernelFact]
    public void The_kernels_view_follows_a_filter_by_the_inner_header_through_the_tunnel_and_nothing_else()
    {
        using System.Diagnostics.Process trace = WeftProgram.Start(
            WeftProgram.Path, "--lab", Lab.Name, "trace", "kernel", "--output-limit-lines", "40", "icmp", "and", "host", $"{Pods.WestAddress}", "and", "host", $"{Pods.EastAddress}");
        Assert.StartsWith("Following packets on bpf1, bpf2", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        Lab.Exec(Pods.Web, "ping", "-c", "3", "-i", "0.1", $"{Pods.EastAddress}");
        Lab.Exec(Pods.East, "ping", "-c", "2", "-i", "0.1", $"{Pods.WestAddress}");

        string[] lines = trace.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.True(trace.WaitForExit(TimeSpan.FromSeconds(20)));

        Assert.Equal(0, trace.ExitCode);
        Assert.Equal(40, lines.Length);
        Assert.All(lines, line => Assert.True(line.Contains("10.0.1.180 -> 10.0.0.23", StringComparison.Ordinal) || line.Contains("10.0.0.23 -> 10.0.1.180", StringComparison.Ordinal), line));
        Assert.Contains(lines, line => line.Contains("[vxlan ", StringComparison.Ordinal) && line.Contains("dev_hard_start_xmit", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("[weft: ToOverlay]", StringComparison.Ordinal));
    }

    [KernelFact]
    public void The_kernels_view_of_one_device_shows_no_other()
    {
        using System.Diagnostics.Process trace = WeftProgram.Start(
            WeftProgram.Path, "--lab", Lab.Name, "--node", Pods.EastNode, "trace", "kernel", "--filter-ifname", "ens3", "--output-limit-lines", "8", "icmp and host 10.0.0.23");
        Assert.StartsWith("Following packets on bpf1;", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        Lab.Exec(Pods.East, "ping", "-c", "4", "-i", "0.1", $"{Pods.WestAddress}");

        string[] lines = trace.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.True(trace.WaitForExit(TimeSpan.FromSeconds(20)));

        Assert.Equal(8, lines.Length);
        Assert.All(lines, line => Assert.Contains(" ens3 ", line, StringComparison.Ordinal));
    }

    [KernelFact]
    public void The_kernels_view_of_one_namespace_shows_no_other_and_says_what_is_in_the_packets()
    {
        using KernelView view = KernelView.Follow(Lab, "--filter-netns", Pods.East, "--output-skb", $"icmp and host {Pods.WestAddress}");
        Lab.Exec(Pods.East, "ping", "-c", "2", "-i", "0.1", $"{Pods.WestAddress}");

        IReadOnlyList<JsonElement> lines = view.Until(IsAt("transmit", "eth0"), line => Text(line, "point") == "socket");

        Assert.All(lines, line => Assert.Equal((Pods.EastNode, EastPod), (Text(line, "node"), Text(line, "netns"))));
        JsonElement sent = lines.First(IsAt("transmit", "eth0"));
        JsonElement tuple = sent.GetProperty("tuple"), fields = sent.GetProperty("fields");
        Assert.Equal(($"{Pods.EastAddress}", $"{Pods.WestAddress}", 1), (Text(tuple, "saddr"), Text(tuple, "daddr"), tuple.GetProperty("proto").GetInt32()));
        Assert.Equal((0x0800, 0u), (fields.GetProperty("protocol").GetInt32(), fields.GetProperty("data_len").GetUInt32()));
        Assert.True(fields.GetProperty("users").GetUInt32() > 0 && fields.GetProperty("truesize").GetUInt32() > sent.GetProperty("len").GetUInt32(), sent.ToString());
        Assert.Equal("host", Text(fields, "pkt_type"));
        Assert.Equal("dev_hard_start_xmit", Text(sent, "func"));
    }

    [KernelFact]
    public void The_kernels_view_by_mark_shows_what_has_it()
    {
        using KernelView view = KernelView.Follow(Lab, "--filter-mark", "0x400/0xf00");
        Lab.Exec(Pods.East, "ping", "-c", "2", "-i", "0.1", $"{Pods.WestAddress}");

        IReadOnlyList<JsonElement> lines = view.Until(IsAt("transmit", "weft_vxlan"), IsAt("transmit", "ens3"));

        Assert.All(lines, line => Assert.Equal(0x400u, line.GetProperty("mark").GetUInt32() & 0xf00));
    }

    [KernelFact]
    public void A_tracked_packet_is_followed_out_of_the_namespace_that_it_was_met_in_and_into_a_tunnel_and_others_are_not()
    {
        // An unknown neighbour would keep the packet, and send a copy.
        Lab.Exec(Pods.East, "ping", "-c", "1", $"{Pods.WestAddress}");
        using KernelView view = KernelView.Follow(Lab, "--filter-netns", Pods.East, "--filter-ifname", "eth0", "--filter-track-skb", $"icmp and dst host {Pods.WestAddress}");
        Lab.Exec(Pods.Web, "ping", "-c", "1", $"{Pods.WestAddress}");
        Lab.Exec(Pods.East, "ping", "-c", "2", "-i", "0.1", $"{Pods.WestAddress}");

        IReadOnlyList<JsonElement> lines = view.Until(line => IsAt("transmit", "ens3")(line) && line.TryGetProperty("vni", out _));

        Assert.Equal("queue eth0", $"{Text(lines[0], "point")} {Text(lines[0], "iface")}");
        Assert.All(lines, line => Assert.Equal(Pods.EastNode, Text(line, "node")));
        Assert.Single(lines.Where(line => line.TryGetProperty("skb", out _)).Select(line => Text(line, "skb")).Distinct());
    }

    [KernelFact]
    public void Without_programs_at_functions_the_kernels_view_says_where_functions_come_from()
    {
        using KernelView view = KernelView.Follow(Lab, "icmp");

        string note = view.Note(KernelView.HasFunctions ? "Attached to" : "functions come from tracepoints");

        Assert.True(KernelView.HasFunctions || note.EndsWith("the kernel has no kprobe.multi (CONFIG_FPROBE, kernel 5.18)", StringComparison.Ordinal), note);
    }

    [KernelFact]
    public void The_kernels_view_goes_into_a_file_with_the_columns_asked_for()
    {
        string file = Path.GetTempFileName();
        try
        {
            using System.Diagnostics.Process trace = WeftProgram.Start(
                WeftProgram.Path, "--lab", Lab.Name, "trace", "kernel", "--output-file", file, "--output-limit-lines", "3", "--timestamp", "none", "--output-meta=false",
                "--filter-func", "dev_hard_start_xmit", $"icmp and host {Pods.WestAddress}");
            Assert.StartsWith("Following packets on", trace.StandardError.ReadLine(), StringComparison.Ordinal);
            Lab.Exec(Pods.East, "ping", "-c", "3", "-i", "0.1", $"{Pods.WestAddress}");
            Assert.True(trace.WaitForExit(TimeSpan.FromSeconds(20)));

            string[] lines = File.ReadAllLines(file);
            Assert.Equal(4, lines.Length);
            Assert.Equal(["NODE", "SKB", "CPU", "PROCESS", "TUPLE", "FUNC"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.All(lines[1..], line => Assert.Contains(" dev_hard_start_xmit", line, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [KernelFact]
    public void A_filter_that_cannot_be_read_says_why()
    {
        ToolResult result = Lab.WeftUnchecked("trace", "kernel", "hst 10.0.0.23");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("read filter 'hst 10.0.0.23': can't parse filter expression", result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_page_has_the_way_of_both_packets_and_nothing_from_elsewhere()
    {
        string page = Lab.Weft("trace", Pods.East, Pods.West, "-o", "html");

        Assert.Equal(2, page.Split("<svg ").Length - 1);
        Assert.Contains("icmp_rcv", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_name_that_nobody_has_is_refused_with_those_that_there_are()
    {
        ToolResult result = Lab.WeftUnchecked("trace", Pods.East, "cni-j22kx");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no pod, node, service or host has that name", result.Error, StringComparison.Ordinal);
        Assert.Contains(WestPod, result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void No_program_is_left_on_a_tracepoint_when_the_trace_is_over()
    {
        TraceAnswer.Of(Lab, Pods.East, Pods.West);

        Eventually.Passes(() => Assert.DoesNotContain("weft_on_", Tool.Run("bpftool", "prog", "list"), StringComparison.Ordinal));
    }

    private static Func<JsonElement, bool> IsAt(string point, string device) => line => Text(line, "point") == point && Text(line, "iface") == device;

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static IEnumerable<string> Overlay(string node, string pod, string farNode) =>
    [
        $"{node} {pod} eth0 send",
        $"{node} node lxc receive",
        $"{node} node lxc weft_from_pod from-endpoint",
        $"{node} node weft_vxlan weft_from_pod to-overlay",
        $"{node} node weft_vxlan weft_to_overlay to-overlay",
        $"{node} node weft_vxlan send",
        $"{node} node ens3 weft_to_netdev to-network",
        $"{node} node ens3 send",
        $"{farNode} node ens3 receive",
        $"{farNode} node ens3 weft_from_netdev from-network",
        $"{farNode} node weft_vxlan receive",
        $"{farNode} node weft_vxlan weft_from_overlay from-overlay",
        $"{farNode} node lxc weft_from_overlay to-endpoint",
    ];

    private static IEnumerable<string> WithoutPid(IEnumerable<string> hops) => hops.Select(hop => hop.IndexOf('[', StringComparison.Ordinal) is > 0 and int at ? hop[..at] : hop);
}
