using System.Globalization;
using Weft.Abi;
using Weft.Cli.Hosting;
using Weft.Events;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>Prints every place in the kernel that the packets of a filter pass, on all nodes, while they pass.</summary>
internal sealed class KernelRun(Invocation invocation, TraceWorld world, KernelOptions options)
{
    private const int MostFlows = 4096;
    private const string Name = "weft: trace kernel:";
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(1);

    private readonly HashSet<FlowKey> _flows = [];
    private readonly KernelNamespace? _netns = KernelNamespace.Find(options.Netns, world);
    private readonly Lock _progress = new();
    private long _progressAt = invocation.Clock.GetTimestamp();

    private IReadOnlyList<TraceNode> Nodes => _netns?.Nodes ?? world.Nodes;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using StreamWriter? file = options.File is null ? null : new StreamWriter(options.File);
        TextWriter output = file ?? invocation.Output;
        TraceStreams streams = await TraceStreams.OpenAsync(Nodes, options.ToRequest(_netns), keeps: false, ShowProgress, cancellationToken);
        await using (streams)
        {
            world.RequireNode(Nodes);
            foreach ((string node, string fault) in world.Silent)
            {
                invocation.Error.WriteLine($"{Name} not on {node}: {fault}");
            }

            invocation.Error.WriteLine($"Following packets on {string.Join(", ", Nodes.Where(node => node.Fault is null).Select(node => node.Name))}; Ctrl-C ends");
            ShowFunctions(streams.Functions);
            await PrintAsync(streams, output, cancellationToken);
            if (streams.Lost > 0)
            {
                invocation.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Name} {streams.Lost} records were lost: ask for less at once"));
            }
        }
    }

    private void ShowProgress(string node, TracedFunctions functions)
    {
        lock (_progress)
        {
            if (functions.Fault is null && invocation.Clock.GetElapsedTime(_progressAt) >= s_progressEvery)
            {
                _progressAt = invocation.Clock.GetTimestamp();
                invocation.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Attached to {functions.Attached} of {functions.Total} functions on {node}"));
            }
        }
    }

    private void ShowFunctions(IEnumerable<(string Node, TracedFunctions Functions)> nodes)
    {
        foreach (IGrouping<TracedFunctions, string> same in nodes.GroupBy(pair => pair.Functions, pair => pair.Node))
        {
            string names = string.Join(", ", same);
            invocation.Error.WriteLine(same.Key switch
            {
                { Fault: { } fault } => $"{Name} on {names} functions come from tracepoints and the stacks there: {fault}",
                { Refused: 0 } all => string.Create(CultureInfo.InvariantCulture, $"Attached to {all.Attached} functions on {names}"),
                { } some => string.Create(CultureInfo.InvariantCulture, $"Attached to {some.Attached} functions on {names}; the kernel refused {some.Refused}"),
            });
        }
    }

    private async Task PrintAsync(TraceStreams streams, TextWriter output, CancellationToken cancellationToken)
    {
        IKernelWriter writer = invocation.AsJson ? new KernelJsonWriter(output, options) : new KernelTextWriter(output, options, invocation.Clock);
        writer.Begin();
        int lines = 0;
        try
        {
            while (await streams.Live.WaitToReadAsync(cancellationToken))
            {
                // Kernel and programs tell by different ways: what came together is put in order.
                foreach (Sighting seen in Take(streams).OrderBy(seen => seen.Time).Where(IsFollowed))
                {
                    string? function = FunctionOf(seen);
                    if (options.Function is { } wanted && (function is null || !wanted.IsMatch(function)))
                    {
                        continue;
                    }

                    writer.Write(seen, invocation.AsJson && seen.Program is null ? function ?? "" : Describe(seen, function));
                    if (++lines == options.Limit)
                    {
                        return;
                    }
                }

                await output.FlushAsync(cancellationToken);
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
            return (options.Track || IsInPlace(seen)) && (_flows.Contains(flow) || _flows.Contains(flow.Reverse));
        }

        if (_flows.Count >= MostFlows)
        {
            _flows.Clear();
        }

        _flows.Add(flow);
        return true;
    }

    private bool IsInPlace(Sighting seen) => (options.Device is null || options.Device == seen.Program?.Device) && (_netns is null || _netns.Has(seen));

    /// <summary>Of the kernel; null: a program saw it, or no stack says which.</summary>
    private static string? FunctionOf(Sighting seen) => seen.Program is not null ? null
        : seen.Point == HopPoint.Function ? seen.Stack.Count > 0 ? seen.Stack[0] : null
        : HopJoiner.CallerOf(seen);

    private static string Describe(Sighting seen, string? function)
    {
        if (seen.Program is { } program)
        {
            return program.Drop is { } drop ? $"[weft: DROP {drop} at {program.DropPlace}]" : $"[weft: {program.Point}]";
        }

        string point = seen.Point == HopPoint.Function ? "" : seen.Point?.ToString().ToLowerInvariant() ?? "";
        string place = function is null ? point : point.Length == 0 ? function : $"{function} ({point})";
        return seen.KernelReason is { } reason ? $"{place} DROP {reason}" : place;
    }
}
