using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Capture;
using Weft.Cli.Hosting;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>Follows packets of running traffic over all nodes, each with what came back for it.</summary>
/// <param name="filter">As tcpdump takes it; a packet that it accepts is followed with its whole flow, also where that is translated.</param>
/// <param name="answerTime">How long an answer is waited for.</param>
internal sealed class LiveRun(Invocation invocation, TraceWorld world, string filter, TimeSpan answerTime)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>The packets whose way is over, as it is over, until the caller stops asking.</summary>
    public async IAsyncEnumerable<TraceResult> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HopRequest request = new()
        {
            Code = CaptureFilter.Compile(filter),
            WholeFlows = true,
            Events = [MonitorRequest.Trace, MonitorRequest.Drop],
            Stacks = ["drop", "consumed"],
        };
        TraceStreams streams = await TraceStreams.OpenAsync(world.Nodes, request, keeps: false, progress: null, cancellationToken);
        await using (streams)
        {
            world.RequireNode();
            invocation.Error.WriteLine($"Following packets on {string.Join(", ", world.Traced)}; Ctrl-C ends");
            ExchangeJoiner joiner = new(answerTime, invocation.Clock);
            bool isOpen = true;
            while (isOpen && !cancellationToken.IsCancellationRequested)
            {
                isOpen = await CollectAsync(streams, joiner, cancellationToken);
                foreach (IReadOnlyList<PacketWay> exchange in joiner.Take(streams.BootIds))
                {
                    yield return ResultOf(exchange, joiner, streams);
                }
            }
        }
    }

    /// <summary>False: no node tells any more.</summary>
    private static async Task<bool> CollectAsync(TraceStreams streams, ExchangeJoiner joiner, CancellationToken cancellationToken)
    {
        using CancellationTokenSource look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        look.CancelAfter(s_look);
        try
        {
            while (await streams.Live.WaitToReadAsync(look.Token))
            {
                while (streams.Live.TryRead(out Sighting? seen))
                {
                    joiner.Add(seen);
                }
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private TraceResult ResultOf(IReadOnlyList<PacketWay> exchange, ExchangeJoiner joiner, TraceStreams streams)
    {
        TraceFindings findings = new()
        {
            Ways = exchange,
            Nodes = world.NodeAddresses,
            Pods = world.PodAddresses,
            Silent = world.Silent,
            Traced = world.Traced,
            Lost = streams.Lost + joiner.Forgotten,
        };
        return new TraceResult($"{exchange[0].Packet}", findings, TraceDiagnostician.DiagnoseSeen(findings), joiner.Clocks, RoundTrip: null);
    }
}
