using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Control.Node;
using Weft.Datapath.Events;
using Weft.Datapath.Tracing;
using Weft.Events;
using Weft.Linux;
using Weft.Model.Endpoints;

namespace Weft.Agent.Http;

/// <summary>What one client is told of the packets that it follows: the kernel's hops and the datapath's events, as they come.</summary>
internal sealed class HopStream(NodeAgent agent, HopTracer tracer, EventSubscription events, HopStreamOptions options, PipeWriter body)
{
    /// <summary>Bytes that may wait in the connection before records are left in the queue.</summary>
    private const int FlushBytes = 32 * 1024;

    private static readonly TimeSpan s_signOfLife = TimeSpan.FromSeconds(2);

    private readonly MonitorFrameWriter _frames = new(body);
    private readonly HashSet<ulong> _named = [];
    private readonly HashSet<string> _known = [];
    private KernelSymbols? _symbols;
    private ImmutableSortedDictionary<string, string> _namespaces = ImmutableSortedDictionary<string, string>.Empty;
    private ImmutableSortedDictionary<string, string> _endpoints = ImmutableSortedDictionary<string, string>.Empty;
    private ImmutableSortedDictionary<string, string> _interfaces = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Looks at the namespaces of the node and of the pods that it has now.</summary>
    /// <returns>Whether there are some that were not looked at before.</returns>
    public bool AddNamespaces()
    {
        int before = _namespaces.Count;
        if (_namespaces.IsEmpty && options.Pods is null)
        {
            using NetworkNamespace own = NetworkNamespace.OpenCurrent();
            Add(own, "");
        }

        foreach (EndpointRecord pod in agent.Endpoints.Table.All.Select(endpoint => endpoint.Record))
        {
            if (options.Pods?.Invoke(pod) != false && _known.Add($"{pod.ContainerId}:{pod.ContainerInterface}"))
            {
                AddPod(pod);
            }
        }

        return _namespaces.Count > before;
    }

    /// <summary>Tells until the client goes or the stream is ended, and in the latter case all that was seen until then.</summary>
    public async Task RunAsync(CancellationToken end, CancellationToken cancellationToken)
    {
        WriteNames();
        // Before the client hears that packets are followed: names that are looked up later would hold records up.
        _symbols = options.HasStacks || options.Functions is not null ? KernelSymbols.Read() : null;
        await AttachFunctionsAsync(cancellationToken).ConfigureAwait(false);
        WriteTracing(KernelDropReasons.Read());
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        using SemaphoreSlim pods = new(0);
        void PodCame() => pods.Release();
        agent.Endpoints.Created += PodCame;
        try
        {
            await TellAsync(pods, end, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await Task.Run(tracer.Stop, cancellationToken).ConfigureAwait(false);
            while (Drain())
            {
                await body.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            agent.Endpoints.Created -= PodCame;
        }
    }

    private async Task TellAsync(SemaphoreSlim pods, CancellationToken end, CancellationToken aborted)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end, aborted);
        Task<bool> moreEvents = events.Records.WaitToReadAsync(either.Token).AsTask();
        Task<bool> moreHops = tracer.Records.WaitAsync(either.Token).AsTask();
        Task morePods = pods.WaitAsync(either.Token);
        // Those that came before anybody was told of new ones.
        FollowNewPods();
        while (true)
        {
            Task ready = await Task.WhenAny(moreEvents, moreHops, morePods).ConfigureAwait(false);
            await ready.ConfigureAwait(false);
            if (ready is Task<bool> { Result: false })
            {
                return;
            }

            if (morePods.IsCompleted)
            {
                morePods = pods.WaitAsync(either.Token);
                FollowNewPods();
            }

            Drain();
            await body.FlushAsync(aborted).ConfigureAwait(false);
            moreEvents = moreEvents.IsCompleted ? events.Records.WaitToReadAsync(either.Token).AsTask() : moreEvents;
            moreHops = moreHops.IsCompleted ? tracer.Records.WaitAsync(either.Token).AsTask() : moreHops;
        }
    }

    /// <summary>The trace begins when all are attached.</summary>
    private async Task AttachFunctionsAsync(CancellationToken cancellationToken)
    {
        if (options.Functions is null || _symbols is null)
        {
            return;
        }

        TracedFunctions coverage = new(0, 0, 0, null);
        FunctionProbes probes = await StepAsync(() => tracer.LoadFunctions(options.Functions, _symbols), coverage, cancellationToken).ConfigureAwait(false);
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = await StepAsync(probes.AttachMore, coverage, cancellationToken).ConfigureAwait(false);
            FunctionCoverage now = probes.Coverage;
            coverage = new TracedFunctions(now.Total, now.Attached, now.Refused, now.Fault);
            await ReportAsync(coverage, cancellationToken).ConfigureAwait(false);
        }

        tracer.Discard();
    }

    /// <summary>Does what takes its time, and gives the client, who would not wait for ever, a sign of life meanwhile. It has ended on return, also when the client is gone.</summary>
    private async Task<T> StepAsync<T>(Func<T> step, TracedFunctions coverage, CancellationToken cancellationToken)
    {
        Task<T> running = Task.Run(step, CancellationToken.None);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(s_signOfLife, CancellationToken.None)).ConfigureAwait(false) != running)
            {
                await ReportAsync(coverage, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await running.ConfigureAwait(false);
        }

        return await running.ConfigureAwait(false);
    }

    private async Task ReportAsync(TracedFunctions coverage, CancellationToken cancellationToken)
    {
        _frames.WriteFunctions(coverage);
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void AddPod(EndpointRecord pod)
    {
        try
        {
            using NetworkNamespace netns = NetworkNamespace.Open(pod.NetnsPath);
            Add(netns, pod.DisplayName);
            _endpoints = _endpoints.SetItem(pod.Id.Value.ToString(CultureInfo.InvariantCulture), pod.DisplayName);
            foreach (string device in options.Devices.Count == 0 ? [pod.ContainerInterface] : options.Devices)
            {
                tracer.AddTap(netns, device);
            }
        }
        catch (LinuxException)
        {
            // The pod is on its way out.
        }
    }

    private void Add(NetworkNamespace netns, string name)
    {
        _namespaces = _namespaces.SetItem(netns.Inode.ToString(CultureInfo.InvariantCulture), name);
        tracer.AddNamespace(netns.Inode);
    }

    /// <summary>Whether there may be more.</summary>
    private bool Drain()
    {
        if (!ReferenceEquals(_interfaces, agent.InterfaceNames.Current))
        {
            WriteNames();
        }

        while (body.UnflushedBytes < FlushBytes && tracer.Records.TryRead(out byte[]? hop))
        {
            WriteSymbols(hop);
            _frames.WriteHop(hop);
        }

        while (body.UnflushedBytes < FlushBytes && events.Records.TryRead(out ReadOnlyMemory<byte> record))
        {
            _frames.WriteRecord(record.Span);
        }

        WriteLost(tracer.TakeLostInKernel() + events.TakeLostInKernel(), LostCause.RingFull);
        WriteLost(tracer.Records.TakeLost() + events.TakeLostHere(), LostCause.ClientSlow);
        return body.UnflushedBytes >= FlushBytes;
    }

    private void WriteLost(ulong count, LostCause cause)
    {
        if (count > 0)
        {
            _frames.WriteLost(count, cause);
        }
    }

    private void FollowNewPods()
    {
        if (AddNamespaces())
        {
            WriteTracing(new Dictionary<uint, string>());
        }
    }

    private void WriteNames()
    {
        _interfaces = agent.InterfaceNames.Current;
        _frames.WriteNames(new MonitorNames
        {
            Node = agent.Local.Name.Value,
            TunnelPort = agent.Local.TunnelPort,
            RingBytes = agent.Pump.RingBytes,
            Interfaces = _interfaces,
        });
    }

    private void WriteTracing(IReadOnlyDictionary<uint, string> dropReasons) => _frames.WriteTracing(new TracingNames
    {
        Id = options.Id,
        ClockOffset = MonotonicClock.UnixOffset(),
        BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
        Namespaces = _namespaces,
        Endpoints = _endpoints,
        DropReasons = dropReasons.ToImmutableSortedDictionary(
            pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value, StringComparer.Ordinal),
    });

    /// <summary>Names the functions of a stack that the client has not heard of.</summary>
    private void WriteSymbols(ReadOnlySpan<byte> hop)
    {
        HopHead head = MemoryMarshal.Read<HopHead>(hop);
        ReadOnlySpan<ulong> stack = MemoryMarshal.Cast<byte, ulong>(hop[HopEvent.StackOffset..HopEvent.BytesOffset])[..Math.Min((int)head.StackLen, HopEvent.MaxStack)];
        Dictionary<ulong, string> names = [];
        foreach (ulong address in (ReadOnlySpan<ulong>)[head.Location, .. stack])
        {
            if (address != 0 && _named.Add(address) && _symbols?.Find(address) is { } name)
            {
                names[address] = name;
            }
        }

        if (names.Count > 0)
        {
            _frames.WriteSymbols(names);
        }
    }
}
