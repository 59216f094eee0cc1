using System.Globalization;
using Weft.Cli.Hosting;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>Prints every place in the kernel that the packets of a filter pass, on all nodes, while they pass.</summary>
internal sealed class KernelRun(Invocation invocation, TraceWorld world, KernelOptions options)
{
    private const int MostFlows = 4096;

    private readonly HashSet<FlowKey> _flows = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TraceStreams streams = await TraceStreams.OpenAsync(world.Nodes, options.ToRequest(), keeps: false, cancellationToken);
        await using (streams)
        {
            world.RequireNode();

            foreach ((string node, string fault) in world.Silent)
            {
                invocation.Error.WriteLine($"weft: trace kernel: not on {node}: {fault}");
            }

            invocation.Error.WriteLine($"Following packets on {string.Join(", ", world.Traced)}; Ctrl-C ends");
            await PrintAsync(streams, cancellationToken);
            if (streams.Lost > 0)
            {
                invocation.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"weft: trace kernel: {streams.Lost} records were lost: ask for less at once"));
            }
        }
    }

    private async Task PrintAsync(TraceStreams streams, CancellationToken cancellationToken)
    {
        WriteLine("TIME", "NODE", "SKB", "CPU", "PROCESS", "NETNS", "MARK", "IFACE", "LEN", "TUPLE", "FUNC");
        int lines = 0;
        try
        {
            while (await streams.Live.WaitToReadAsync(cancellationToken))
            {
                // Kernel and programs tell by different ways: what came together is put in order.
                foreach (Sighting seen in Take(streams).OrderBy(seen => seen.Time).Where(IsFollowed))
                {
                    Print(seen);
                    if (++lines == options.Limit)
                    {
                        return;
                    }
                }

                await invocation.Output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
    }

    private static List<Sighting> Take(TraceStreams streams)
    {
        List<Sighting> taken = [];
        while (taken.Count < MostFlows && streams.Live.TryRead(out Sighting? seen))
        {
            taken.Add(seen);
        }

        return taken;
    }

    /// <summary>Programs tell of drops whether or not somebody follows the packet: only those of flows that the kernel told of are meant.</summary>
    private bool IsFollowed(Sighting seen)
    {
        if (seen.Facts.Flow is not { } flow)
        {
            return seen.Program is null;
        }

        if (seen.Program is not null)
        {
            return (options.Device is null || options.Device == seen.Program.Device) && (_flows.Contains(flow) || _flows.Contains(flow.Reverse));
        }

        if (_flows.Count >= MostFlows)
        {
            _flows.Clear();
        }

        _flows.Add(flow);
        return true;
    }

    private void Print(Sighting seen)
    {
        string function = seen.Program is { } program
            ? program.Drop is { } drop ? $"[weft: DROP {drop} at {program.DropPlace}]" : $"[weft: {program.Point}]"
            : KernelFunction(seen);
        WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{seen.Time / 1e9:0.000000}"), seen.Node, seen.Skb == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"0x{seen.Skb:x}"),
            seen.Cpu.ToString(CultureInfo.InvariantCulture), seen.Process ?? "", seen.Namespace is { Length: 0 } ? "node" : seen.Namespace ?? "?",
            string.Create(CultureInfo.InvariantCulture, $"0x{seen.Mark:x}"), seen.Device ?? seen.Program?.Device ?? "", seen.Length.ToString(CultureInfo.InvariantCulture),
            seen.Facts.ToString(), function);
        foreach (string frame in options.Stack ? seen.Stack : [])
        {
            invocation.Output.WriteLine($"    {frame}");
        }
    }

    private static string KernelFunction(Sighting seen)
    {
        string point = seen.Point?.ToString().ToLowerInvariant() ?? "";
        string caller = HopJoiner.CallerOf(seen) is { } function ? $"{function} ({point})" : point;
        return seen.KernelReason is { } reason ? $"{caller} DROP {reason}" : caller;
    }

    private void WriteLine(string time, string node, string skb, string cpu, string process, string netns, string mark, string device, string length, string tuple, string function) =>
        invocation.Output.WriteLine($"{time,-15} {node,-6} {skb,-18} {cpu,3} {process,-24} {netns,-20} {mark,-10} {device,-16} {length,6} {tuple,-60} {function}".TrimEnd());
}
