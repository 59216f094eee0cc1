using System.Text.Json;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Hosting;

namespace Weft.Cli.Trace.Netfilter;

/// <summary>Copies the traces of one or more nodes to the output, each until it has enough packets, the time is over, or Ctrl-C.</summary>
internal sealed class NetfilterTraceRun(Invocation invocation, NetfilterTraceRequest request, NetfilterTraceLimits limits, bool verbose)
{
    /// <summary>A node that cannot say its summary is not waited for longer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>From a packet's first step to its last: the kernel tells them within a pass through its network stack.</summary>
    private static readonly TimeSpan s_lastPacket = TimeSpan.FromMilliseconds(250);

    private readonly Lock _output = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sockets = [.. invocation.AllTargets().Nodes.Select(node => node.Socket)];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limits.Time is { } time)
        {
            enough.CancelAfter(time);
        }

        NetfilterTraceText text = new(invocation.Output, invocation.Clock.LocalTimeZone, verbose, severalNodes: sockets.Count > 1);
        await Task.WhenAll(sockets.Select(socket => FollowAsync(socket, text, enough.Token)));
    }

    private async Task FollowAsync(string socket, NetfilterTraceText text, CancellationToken enough)
    {
        using AgentClient agent = new(socket);
        using CancellationTokenSource last = new();
        using CancellationTokenSource full = CancellationTokenSource.CreateLinkedTokenSource(enough);
        Task ending = Task.CompletedTask;
        bool ended = false;
        bool counted = false;
        CancellationTokenRegistration registration = default;
        try
        {
            await foreach (NetfilterTraceFrame frame in agent.TraceNetfilterAsync(request, last.Token))
            {
                if (frame.Start is { } start)
                {
                    registration = full.Token.Register(() => ending = EndAsync(agent, start.Id, last));
                }

                if (limits.Packets is { } packets && frame.Step is { } step)
                {
                    if (step.Packet > packets)
                    {
                        continue;
                    }

                    if (step.Packet == packets && !counted)
                    {
                        counted = true;
                        full.CancelAfter(s_lastPacket);
                    }
                }

                ended |= frame.Summary is not null;
                Write(frame, text);
            }
        }
        catch (OperationCanceledException) when (last.IsCancellationRequested)
        {
            ended = true;
            await invocation.Error.WriteLineAsync($"weft: end trace, on {agent.SocketPath}: the agent did not answer with a summary");
        }
        finally
        {
            await registration.DisposeAsync();
            await ending;
        }

        if (!ended)
        {
            throw new AgentUnreachableException(agent.SocketPath, new EndOfStreamException("the agent has ended the trace"));
        }
    }

    private static async Task EndAsync(AgentClient agent, string id, CancellationTokenSource last)
    {
        last.CancelAfter(s_patience);
        try
        {
            await agent.EndNetfilterTraceAsync(id, last.Token);
        }
        catch (Exception e) when (e is AgentUnreachableException or AgentApiException or OperationCanceledException)
        {
            // The stream tells.
        }
    }

    private void Write(NetfilterTraceFrame frame, NetfilterTraceText text)
    {
        lock (_output)
        {
            if (invocation.AsJson)
            {
                invocation.Output.WriteLine(JsonSerializer.Serialize(frame, ApiJson.Default.NetfilterTraceFrame));
            }
            else
            {
                text.Write(frame);
            }

            invocation.Output.Flush();
        }
    }
}
