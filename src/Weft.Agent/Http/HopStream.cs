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
internal sealed class HopStream(NodeAgent agent, HopTracer tracer, EventSubscription events, bool hasStacks, PipeWriter body)
{
    /// <summary>Bytes that may wait in the connection before records are left in the queue.</summary>
    private const int FlushBytes = 32 * 1024;

    private readonly MonitorFrameWriter _frames = new(body);
    private readonly HashSet<ulong> _named = [];
    private readonly HashSet<string> _known = [];
    private KernelSymbols? _symbols;
    private ImmutableSortedDictionary<string, string> _namespaces = ImmutableSortedDictionary<string, string>.Empty;
    private ImmutableSortedDictionary<string, string> _endpoints = ImmutableSortedDictionary<string, string>.Empty;
    private ImmutableSortedDictionary<string, string> _interfaces = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Namespaces of the node and of the pods that it has now.</summary>
    public IReadOnlyCollection<ulong> AddNamespaces()
    {
        List<ulong> added = [];
        if (_namespaces.IsEmpty)
        {
            using NetworkNamespace own = NetworkNamespace.OpenCurrent();
            Name(own.Inode, "");
            added.Add(own.Inode);
        }

        foreach (EndpointRecord pod in agent.Endpoints.Table.All.Select(endpoint => endpoint.Record).Where(record => _known.Add(record.ContainerId)))
        {
            try
            {
                using NetworkNamespace netns = NetworkNamespace.Open(pod.NetnsPath);
                Name(netns.Inode, pod.DisplayName);
                _endpoints = _endpoints.SetItem(pod.Id.Value.ToString(CultureInfo.InvariantCulture), pod.DisplayName);
                added.Add(netns.Inode);
            }
            catch (LinuxException)
            {
                // The pod is on its way out.
            }
        }

        return added;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        WriteNames();
        // Before the client hears that packets are followed: names that are looked up later would hold records up.
        _symbols = hasStacks ? KernelSymbols.Read() : null;
        WriteTracing(KernelDropReasons.Read());
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        Task<bool> moreEvents = events.Records.WaitToReadAsync(cancellationToken).AsTask();
        Task<bool> moreHops = tracer.Records.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            Task<bool> ready = await Task.WhenAny(moreEvents, moreHops).ConfigureAwait(false);
            if (!await ready.ConfigureAwait(false))
            {
                return;
            }

            FollowNewPods();
            Drain();
            await body.FlushAsync(cancellationToken).ConfigureAwait(false);
            moreEvents = moreEvents.IsCompleted ? events.Records.WaitToReadAsync(cancellationToken).AsTask() : moreEvents;
            moreHops = moreHops.IsCompleted ? tracer.Records.WaitToReadAsync(cancellationToken).AsTask() : moreHops;
        }
    }

    private void Drain()
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
        WriteLost(tracer.TakeLostHere() + events.TakeLostHere(), LostCause.ClientSlow);
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
        IReadOnlyCollection<ulong> added = AddNamespaces();
        foreach (ulong inode in added)
        {
            tracer.AddNamespace(inode);
        }

        if (added.Count > 0)
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

    private void Name(ulong inode, string name) =>
        _namespaces = _namespaces.SetItem(inode.ToString(CultureInfo.InvariantCulture), name);
}
