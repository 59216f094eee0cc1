using System.Diagnostics;
using System.Text.Json;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft trace netfilter' of packets between pods, whose way is eBPF's, and of the VXLAN packets that carry them.</summary>
[Collection(SharedLabTests.Name)]
public sealed class NetfilterTraceTests(SharedLab shared)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [KernelFact]
    public void A_rule_on_the_tunnel_port_that_drops_is_named_with_its_chain_and_table()
    {
        Nft(Pods.WestNode, "add", "table", "inet", "firewall");
        try
        {
            Nft(Pods.WestNode, "add chain inet firewall in { type filter hook input priority 0; policy accept; }");
            Nft(Pods.WestNode, "add", "rule", "inet", "firewall", "in", "udp", "dport", "8472", "counter", "drop");
            using Trace trace = Start("--node", Pods.WestNode, "--src", $"{Pods.EastAddress}", "--dst", $"{Pods.WestAddress}");

            Assert.NotEqual(0, shared.Lab.ExecUnchecked(Pods.East, "ping", "-c", "1", "-W", "1", $"{Pods.WestAddress}").ExitCode);

            JsonElement drop = trace.Next("step", step => step.GetProperty("verdict").GetString() == "drop");
            Assert.Equal(
                ("inet", "firewall", "in", "input", "udp dport 8472 counter drop", Pods.WestNode),
                (Text(drop, "family"), Text(drop, "table"), Text(drop, "chain"), Text(drop, "hook"), Text(drop, "rule"), Text(drop, "node")));
            JsonElement headers = drop.GetProperty("headers");
            Assert.Equal((shared.Lab.Identity(Pods.East), "ens3"), (headers.GetProperty("vni").GetUInt32(), Text(headers, "in")));
        }
        finally
        {
            Nft(Pods.WestNode, "delete", "table", "inet", "firewall");
        }
    }

    [KernelFact]
    public void A_flow_between_pods_is_seen_by_netfilter_only_in_its_tunnel_and_the_trace_says_so()
    {
        const int Pings = 3;
        using Trace trace = Start("--node", Pods.EastNode, "--src", $"{Pods.EastAddress}", "--dst", $"{Pods.WestAddress}", "--proto", "icmp");

        shared.Lab.Exec(Pods.East, "ping", "-c", $"{Pings}", "-i", "0.01", "-W", "5", $"{Pods.WestAddress}");
        JsonElement summary = trace.End();

        Assert.Equal(2 * Pings, summary.GetProperty("datapath-packets").GetInt32());
        Assert.Equal((0, 0), Hooks(summary, "netfilter-packets"));
        Assert.Equal((Pings, Pings), Hooks(summary, "tunnel-packets"));
    }

    [KernelFact]
    public void A_trace_ends_after_so_many_packets_and_shows_those_that_no_rule_met()
    {
        using Trace trace = Start("--node", Pods.EastNode, "--src", $"{Pods.EastAddress}", "--dst", $"{Pods.WestAddress}", "--proto", "icmp", "-c", "2");

        shared.Lab.Exec(Pods.East, "ping", "-c", "3", "-i", "0.01", "-W", "5", $"{Pods.WestAddress}");

        JsonElement request = trace.Next("step", step => Text(step, "type") == "begin");
        JsonElement reply = trace.Next("step", step => Text(step, "type") == "begin");
        Assert.Equal((1, "output"), (request.GetProperty("packet").GetInt32(), Text(request, "hook")));
        Assert.Equal((2, "prerouting"), (reply.GetProperty("packet").GetInt32(), Text(reply, "hook")));
        trace.Next("summary", _ => true);
        Assert.Equal(0, trace.ExitCode);
    }

    [KernelFact]
    public void A_flow_within_a_node_meets_no_chain_and_the_text_says_so()
    {
        using Trace trace = Start(["--node", Pods.WestNode, "--src", $"{Pods.WestAddress}", "--dst", $"{Pods.WebAddress}"], json: false);

        shared.Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", $"{Pods.WebAddress}");
        string text = trace.EndText();

        Assert.Contains("2 packets of the flow passed bpf2's eBPF datapath (lxc", text, StringComparison.Ordinal);
        Assert.Contains("netfilter saw none of them", text, StringComparison.Ordinal);
        Assert.Contains("no rule of this node could act on them", text, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Two_nodes_are_traced_at_once_and_nothing_stays()
    {
        using Trace trace = Start(
            "--node", Pods.EastNode, "--node", Pods.WestNode, "--src", $"{Pods.EastAddress}", "--dst", $"{Pods.WestAddress}", "--proto", "icmp");
        trace.Next("start", _ => true);

        shared.Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        trace.Interrupt();
        string[] nodes = [Text(trace.Next("summary", _ => true), "node"), Text(trace.Next("summary", _ => true), "node")];

        Assert.Equal([Pods.EastNode, Pods.WestNode], nodes.Order());
        Assert.Equal(0, trace.ExitCode);
        Assert.All(nodes, node => Assert.DoesNotContain("weft-trace", Nft(node, "list", "tables"), StringComparison.Ordinal));
    }

    private Trace Start(params string[] arguments) => Start(arguments, json: true);

    private Trace Start(string[] arguments, bool json)
    {
        string[] format = json ? ["-o", "json"] : [];
        return new Trace(WeftProgram.Start(WeftProgram.Path, ["--lab", shared.Lab.Name, "trace", "netfilter", .. arguments, .. format]), json);
    }

    private string Nft(string node, params string[] command) => shared.Lab.Exec(node, ["nft", .. command]);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static (int Prerouting, int Output) Hooks(JsonElement summary, string name) =>
        (summary.GetProperty(name).GetProperty("prerouting").GetInt32(), summary.GetProperty(name).GetProperty("output").GetInt32());

    /// <summary>The command while it runs; it traces when this is made.</summary>
    private sealed class Trace : IDisposable
    {
        private readonly Process _process;

        public Trace(Process process, bool json)
        {
            _process = process;
            if (json)
            {
                Next("start", _ => true);
            }
            else
            {
                Assert.StartsWith("Tracing on ", ReadLine(), StringComparison.Ordinal);
            }
        }

        public int ExitCode
        {
            get
            {
                Assert.True(_process.WaitForExit(s_deadline));
                return _process.ExitCode;
            }
        }

        /// <summary>The next frame of a kind that fits.</summary>
        public JsonElement Next(string kind, Func<JsonElement, bool> fits)
        {
            while (true)
            {
                JsonElement frame = JsonDocument.Parse(ReadLine() ?? throw new InvalidOperationException(
                    $"weft trace netfilter ended without '{kind}': {_process.StandardError.ReadToEnd()}")).RootElement;
                if (frame.TryGetProperty(kind, out JsonElement found) && fits(found))
                {
                    return found;
                }
            }
        }

        public void Interrupt() => Tool.Run("kill", "-INT", $"{_process.Id}");

        public JsonElement End()
        {
            Interrupt();
            JsonElement summary = Next("summary", _ => true);
            Assert.Equal(0, ExitCode);
            return summary;
        }

        public string EndText()
        {
            Interrupt();
            string text = _process.StandardOutput.ReadToEndAsync().WaitAsync(s_deadline).GetAwaiter().GetResult();
            Assert.Equal(0, ExitCode);
            return text;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit();
            }

            _process.Dispose();
        }

        private string? ReadLine() => _process.StandardOutput.ReadLineAsync().WaitAsync(s_deadline).GetAwaiter().GetResult();
    }
}
