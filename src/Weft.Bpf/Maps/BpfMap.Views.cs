namespace Weft.Bpf.Maps;

/// <content>Walking, and the typed ways to see the same map.</content>
public sealed partial class BpfMap
{
    public BpfMapCursor Walk() => new(this);

    /// <summary>The same map with keys and values as structs; both share this object's descriptor.</summary>
    public BpfMap<TKey, TValue> As<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>The same per-CPU map with keys and values as structs; both share this object's descriptor.</summary>
    public PerCpuMap<TKey, TValue> AsPerCpu<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    public static BpfMap<TKey, TValue> OpenPinned<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged => OpenPinned(path).OwnedBy(static map => map.As<TKey, TValue>());

    /// <summary>Null when nothing is pinned there.</summary>
    public static BpfMap<TKey, TValue>? TryOpenPinned<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged => TryOpenPinned(path)?.OwnedBy(static map => map.As<TKey, TValue>());

    public static PerCpuMap<TKey, TValue> OpenPinnedPerCpu<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged => OpenPinned(path).OwnedBy(static map => map.AsPerCpu<TKey, TValue>());

    /// <summary>Null when nothing is pinned there.</summary>
    public static PerCpuMap<TKey, TValue>? TryOpenPinnedPerCpu<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged => TryOpenPinned(path)?.OwnedBy(static map => map.AsPerCpu<TKey, TValue>());

    /// <summary>Creates a map with the sizes of <typeparamref name="TKey"/> and <typeparamref name="TValue"/>.</summary>
    public static unsafe BpfMap<TKey, TValue> Create<TKey, TValue>(string name, BpfMapType type, uint maxEntries, BpfMapFlags flags = BpfMapFlags.None)
        where TKey : unmanaged
        where TValue : unmanaged => Create(new BpfMapDefinition
        {
            Name = name,
            Type = type,
            KeySize = sizeof(TKey),
            ValueSize = sizeof(TValue),
            MaxEntries = maxEntries,
            Flags = flags,
        }).OwnedBy(static map => map.As<TKey, TValue>());

    /// <summary>Stores a program in a program array (the target of tail calls).</summary>
    public void SetProgram(uint index, BpfProgram program) => As<uint, int>().Update(index, program.Fd.Number);

    /// <summary>Throws when the sizes of <typeparamref name="TKey"/> and <typeparamref name="TValue"/> are not the map's.</summary>
    internal unsafe void RequireLayout<TKey, TValue>(bool perCpu)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        if (perCpu != Schema.IsPerCpu)
        {
            throw new ArgumentException($"map {Name} is a {Schema.Type}: use {(Schema.IsPerCpu ? "AsPerCpu" : "As")}");
        }

        if (sizeof(TKey) != Schema.KeySize)
        {
            throw new ArgumentException($"map {Name} has keys of {Schema.KeySize} bytes, but {typeof(TKey).Name} has {sizeof(TKey)}");
        }

        if (sizeof(TValue) != Schema.ValueSize)
        {
            throw new ArgumentException($"map {Name} has values of {Schema.ValueSize} bytes, but {typeof(TValue).Name} has {sizeof(TValue)}");
        }
    }

    private T OwnedBy<T>(Func<BpfMap, T> view)
    {
        try
        {
            return view(this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
