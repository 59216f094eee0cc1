using System.Runtime.InteropServices;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Datapath.Maps;
using Weft.Linux;

namespace Weft.Datapath.Tracing;

/// <summary>Follows packets through the kernel of this machine, by programs on its tracepoints that are there as long as this object.</summary>
/// <remarks>
/// Several may run at once. Nothing is pinned: when the process dies, the kernel takes the programs off. Needs kernel 5.17, whose
/// tracepoint says why it drops a packet. Records are read by a thread of its own; one reader may take them.
/// </remarks>
public sealed class HopTracer : IDisposable
{
    /// <summary>For each CPU, where only headers are asked for.</summary>
    private const int HeadersBuffer = 1 << 20;

    /// <summary>For each CPU, where whole packets are.</summary>
    private const int PacketsBuffer = 8 << 20;

    /// <summary>Records that are put in order at once.</summary>
    private const int MostInBatch = 1024;

    private readonly TracerSlot _slot;
    private readonly List<IDisposable> _owned = [];
    private readonly List<BpfLink> _links = [];
    private readonly BpfObject _loaded;
    private readonly BpfMap<uint, byte> _namespaces;
    private readonly PerCpuMap<uint, ulong> _lost;
    private readonly PerfBufferReader _ring;
    private readonly Thread _thread;
    private readonly PodTaps? _taps;
    private FunctionProbes? _functions;
    private volatile bool _stopped;
    private ulong _lostInKernel;

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
            _loaded = Own(TracerObject.Load(new Dictionary<string, BpfMap> { [DatapathMapNames.Watched] = watched.Untyped }));
            _namespaces = _loaded.Map("weft_hop_netns").As<uint, byte>();
            _lost = _loaded.Map("weft_hops_lost").AsPerCpu<uint, ulong>();
            Configure(_loaded, options);
            _ring = Own(new PerfBufferReader(_loaded.Map("weft_hops"), options.SnapLength > HopEvent.HeadersLength ? PacketsBuffer : HeadersBuffer));
            _taps = options.Points.Contains(HopPoint.Deliver) ? Own(new PodTaps(Records, options)) : null;
            foreach (IDisposable link in options.Track ? CopyProbes.Attach(SharedMaps) : [])
            {
                Own(link);
            }

            foreach (BpfProgram program in _loaded.Programs.Values.OrderBy(program => program.Name, StringComparer.Ordinal))
            {
                _links.Add(Own(BpfLink.AttachTracepoint(program)));
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

    /// <summary>Records as <see cref="HopEvent"/> describes them; of one CPU in the order in which the kernel made them, of several nearly so.</summary>
    public HopQueue Records { get; } = new();

    /// <summary>Looks at one more network namespace.</summary>
    public void AddNamespace(ulong inode) => _namespaces.Update((uint)inode, 1);

    /// <summary>Listens on a device of a pod, where <see cref="HopPoint.Deliver"/> was asked for.</summary>
    public void AddTap(NetworkNamespace netns, string device) => _taps?.Add(netns, device);

    /// <summary>Programs at functions of the kernel, which tell of the same packets by records of <see cref="HopPoint.Function"/>; none is attached yet.</summary>
    /// <remarks>Owned by this object. Call once.</remarks>
    public FunctionProbes LoadFunctions(FunctionQuery query, KernelSymbols symbols) => _functions = FunctionProbes.Load(query, symbols, SharedMaps);

    /// <summary>Forgets what was told so far.</summary>
    public void Discard()
    {
        while (Records.TryRead(out _))
        {
        }

        TakeLostInKernel();
        Records.TakeLost();
    }

    /// <summary>Records that the kernel had no room for, since the last call.</summary>
    public ulong TakeLostInKernel()
    {
        ulong now = _lost.Sum(0u);
        return now - Interlocked.Exchange(ref _lostInKernel, now) + (_taps?.TakeLost() ?? 0);
    }

    /// <summary>Follows no more packets; what was seen of them so far can still be read, and the counts are final.</summary>
    public void Stop()
    {
        if (_stopped)
        {
            return;
        }

        _functions?.Dispose();
        _links.ForEach(link => link.Dispose());
        _stopped = true;
        _ring.Wake();
        _thread.Join();
        _taps?.Stop();
        Records.Complete();
    }

    public void Dispose()
    {
        Stop();
        Release();
    }

    /// <summary>All but those of constants, which every load has its own of.</summary>
    private Dictionary<string, BpfMap> SharedMaps => _loaded.Maps.Where(map => !map.Key.Contains('.', StringComparison.Ordinal)).ToDictionary();

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

        BpfMap<HopDevice, byte> devices = loaded.Map("weft_hop_devices").As<HopDevice, byte>();
        foreach (string name in options.Devices)
        {
            devices.Update(HopDevice.Named(name), 1);
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
            Devices = (uint)options.Devices.Count,
            Netns = (uint)options.OnlyNamespace,
            Snaplen = (uint)Math.Min(options.SnapLength, HopEvent.MaxSnapLength),
            Learn = options.Source is not null || options.WholeFlows ? 1u : 0,
            Track = options.Track ? 1u : 0,
        });
    }

    private static uint MaskOf(IEnumerable<HopPoint> points) => points.Aggregate(0u, (mask, point) => mask | (1u << (int)point));

    private void Run()
    {
        List<byte[]> batch = [];
        while (true)
        {
            bool last = _stopped;
            do
            {
                batch.Clear();
                while (batch.Count < MostInBatch && _ring.TryRead(out ReadOnlySpan<byte> record))
                {
                    if (LengthOf(record) is { } length && length <= record.Length)
                    {
                        batch.Add(record[..length].ToArray());
                    }
                }

                foreach (byte[] record in batch.OrderBy(record => MemoryMarshal.Read<HopHead>(record).Time))
                {
                    Records.Offer(record);
                }
            }
            while (batch.Count > 0);

            if (last)
            {
                return;
            }

            _ring.Wait();
        }
    }

    private static int? LengthOf(ReadOnlySpan<byte> record) =>
        record.Length >= HopEvent.BytesOffset ? HopEvent.BytesOffset + MemoryMarshal.Read<HopHead>(record).Captured : null;

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

        Records.Complete();
        _slot.Dispose();
    }
}
