using System.Threading.Channels;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Tracing;

/// <summary>Follows packets through the kernel of this machine, by programs on its tracepoints that are there as long as this object.</summary>
/// <remarks>
/// Several may run at once. Nothing is pinned: when the process dies, the kernel takes the programs off. Needs kernel 5.17, whose
/// tracepoint says why it drops a packet. Records are read by a thread of its own; one reader may take them.
/// </remarks>
public sealed class HopTracer : IDisposable
{
    private const string ObjectName = "weft.bpf.trace.o";

    /// <summary>Records that the reader may fall behind: about 4 MiB.</summary>
    private const int QueueLength = 8192;

    private readonly TracerSlot _slot;
    private readonly List<IDisposable> _owned = [];
    private readonly Channel<byte[]> _records = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly BpfMap<uint, byte> _namespaces;
    private readonly PerCpuMap<uint, ulong> _lost;
    private readonly RingBufferReader _ring;
    private readonly Thread _thread;
    private ulong _lostInKernel;
    private long _lostHere;

    /// <summary>Loads the programs and attaches them: from here on packets are followed.</summary>
    /// <param name="slots">Of this node's datapath; <paramref name="watched"/> is its map.</param>
    public HopTracer(TracerSlots slots, PerCpuMap<uint, uint> watched, HopTracerOptions options)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentNullException.ThrowIfNull(watched);
        ArgumentNullException.ThrowIfNull(options);
        _slot = slots.Take();
        try
        {
            BpfObject loaded = Own(Load(watched));
            _namespaces = loaded.Map("weft_hop_netns").As<uint, byte>();
            _lost = loaded.Map("weft_hops_lost").AsPerCpu<uint, ulong>();
            Configure(loaded, options);
            _ring = Own(new RingBufferReader(loaded.Map("weft_hops")));
            foreach (BpfProgram program in loaded.Programs.Values.OrderBy(program => program.Name, StringComparer.Ordinal))
            {
                Own(BpfLink.AttachTracepoint(program));
            }

            _thread = new Thread(Run) { IsBackground = true, Name = "tracer" };
            _thread.Start();
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Records as <see cref="HopEvent"/> describes them, in the order in which the kernel made them.</summary>
    public ChannelReader<byte[]> Records => _records.Reader;

    /// <summary>Looks at one more network namespace.</summary>
    public void AddNamespace(ulong inode) => _namespaces.Update((uint)inode, 1);

    /// <summary>Records that the kernel had no room for, since the last call.</summary>
    public ulong TakeLostInKernel()
    {
        ulong now = _lost.Sum(0u);
        return now - Interlocked.Exchange(ref _lostInKernel, now);
    }

    /// <summary>Records that the reader was too slow for, since the last call.</summary>
    public ulong TakeLostHere() => (ulong)Interlocked.Exchange(ref _lostHere, 0);

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        Release();
    }

    private static BpfObject Load(PerCpuMap<uint, uint> watched)
    {
        using BpfObjectSpec spec = BpfObjectSpec.Open(DatapathObjects.Read(ObjectName), ObjectName);
        return spec.Load(new BpfLoadOptions { Maps = new Dictionary<string, BpfMap> { [DatapathMapNames.Watched] = watched.Untyped } });
    }

    private void Configure(BpfObject loaded, HopTracerOptions options)
    {
        if (options.Code.Count > HopFilter.MaxCode)
        {
            throw new DatapathException($"trace by a filter of {options.Code.Count} instructions: the most is {HopFilter.MaxCode} (ask for less at once)");
        }

        BpfMap<uint, HopCode> code = loaded.Map("weft_hop_code").As<uint, HopCode>();
        for (int index = 0; index < options.Code.Count; index++)
        {
            code.Update((uint)index, options.Code[index]);
        }

        foreach (ulong inode in options.Namespaces ?? [])
        {
            AddNamespace(inode);
        }

        loaded.Map("weft_hop_filter").As<uint, HopFilter>().Update(0, new HopFilter
        {
            Src = options.Source?.Address is { } source ? WeftAddress.From(source) : WeftAddress.None,
            Sport = new Be16(options.Source?.Port ?? 0),
            Protocol = options.Source?.Protocol ?? 0,
            AnyNetns = options.Namespaces is null ? (byte)1 : (byte)0,
            TunnelPort = new Be16(options.TunnelPort),
            CodeLen = (ushort)options.Code.Count,
            Points = options.Points.Count == 0 ? uint.MaxValue : MaskOf(options.Points),
            Stacks = MaskOf(options.Stacks),
            Watch = _slot.Bit,
            Mark = options.Mark & options.MarkMask,
            MarkMask = options.MarkMask,
            Ifindex = options.Ifindex,
            Netns = (uint)options.DeviceNamespace,
            Learn = options.Source is not null || options.WholeFlows ? 1u : 0,
        });
    }

    private static uint MaskOf(IEnumerable<HopPoint> points) => points.Aggregate(0u, (mask, point) => mask | (1u << (int)point));

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (!_stop.IsCancellationRequested && _ring.TryRead(out ReadOnlySpan<byte> record))
            {
                if (record.Length == HopEvent.Size && !_records.Writer.TryWrite(record.ToArray()))
                {
                    Interlocked.Increment(ref _lostHere);
                }
            }

            _ring.Wait(Timeout.InfiniteTimeSpan, _stop.Token);
        }
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>Links first: nothing may write the slot's bit after it was given back.</summary>
    private void Release()
    {
        foreach (IDisposable part in Enumerable.Reverse(_owned))
        {
            part.Dispose();
        }

        _records.Writer.TryComplete();
        _slot.Dispose();
        _stop.Dispose();
    }
}
