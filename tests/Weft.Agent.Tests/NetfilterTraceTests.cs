using System.Net;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class NetfilterTraceTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelFact]
    public async Task Rules_are_there_while_the_client_listens_and_the_end_has_a_summary()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await using Trace trace = await Trace.StartAsync(node.Client, new NetfilterTraceRequest { Protocol = "icmp" });
        Assert.Contains(trace.Start.Id, Tables(node), StringComparison.Ordinal);

        Tool.RunUnchecked("ip", "netns", "exec", node.Namespace.Name, "ping", "-c", "1", "-W", "1", node.Address);
        await node.Client.EndNetfilterTraceAsync(trace.Start.Id);

        NetfilterTraceSummary summary = await trace.EndAsync();
        Assert.True(summary.NetfilterPackets["output"] > 0);
        await Eventually.BecomesAsync("no table", () => Task.FromResult(Tables(node)), tables => !tables.Contains("weft-trace", StringComparison.Ordinal));
        AgentApiException gone = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.EndNetfilterTraceAsync(trace.Start.Id));
        Assert.Equal(HttpStatusCode.NotFound, gone.Status);
    }

    [KernelFact]
    public async Task A_killed_agent_leaves_no_rules()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await using Trace trace = await Trace.StartAsync(node.Client, new NetfilterTraceRequest { Protocol = "icmp" });
        Assert.Contains(trace.Start.Id, Tables(node), StringComparison.Ordinal);

        await node.Agent!.KillAsync();

        await Eventually.BecomesAsync("no table", () => Task.FromResult(Tables(node)), tables => !tables.Contains("weft-trace", StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task A_client_that_goes_away_leaves_no_rules()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        await using (await Trace.StartAsync(node.Client, new NetfilterTraceRequest { Protocol = "icmp" }))
        {
            Assert.Contains("weft-trace", Tables(node), StringComparison.Ordinal);
        }

        await Eventually.BecomesAsync("no table", () => Task.FromResult(Tables(node)), tables => !tables.Contains("weft-trace", StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task A_flow_that_cannot_be_is_the_clients_fault()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        foreach (NetfilterTraceRequest request in (NetfilterTraceRequest[])[
            new() { Protocol = "no" }, new() { Source = "x" }, new() { DestinationPort = 80 }, new() { Source = "10.0.0.1", Destination = "::1" }])
        {
            AgentApiException refused = await Assert.ThrowsAsync<AgentApiException>(() => Trace.StartAsync(node.Client, request));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        }
    }

    private static string Tables(TestNode node) => node.Namespace.Exec("nft", "list", "tables");

    private sealed class Trace : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<NetfilterTraceFrame> _frames;
        private readonly CancellationTokenSource _limit = new();

        private Trace(AgentClient client, NetfilterTraceRequest request) =>
            _frames = client.TraceNetfilterAsync(request, _limit.Token).GetAsyncEnumerator(_limit.Token);

        public NetfilterTraceStart Start { get; private set; } = null!;

        public static async Task<Trace> StartAsync(AgentClient client, NetfilterTraceRequest request)
        {
            Trace trace = new(client, request);
            Assert.True(await trace._frames.MoveNextAsync().AsTask().WaitAsync(s_deadline));
            trace.Start = trace._frames.Current.Start!;
            return trace;
        }

        public async Task<NetfilterTraceSummary> EndAsync()
        {
            NetfilterTraceSummary? summary = null;
            while (await _frames.MoveNextAsync().AsTask().WaitAsync(s_deadline))
            {
                summary = _frames.Current.Summary ?? summary;
            }

            return summary!;
        }

        public async ValueTask DisposeAsync()
        {
            await _frames.DisposeAsync();
            _limit.Dispose();
        }
    }
}
