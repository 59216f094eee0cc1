using Weft.Bpf.Interop;

namespace Weft.Bpf.Maps;

/// <summary>A map of an opened object, before it is created.</summary>
public sealed unsafe class BpfMapSpec
{
    private readonly BpfObjectSpec _owner;

    internal BpfMapSpec(BpfObjectSpec owner, nint pointer)
    {
        _owner = owner;
        Pointer = pointer;
        Name = ByteText.FromPointer(LibBpf.MapName(pointer));
        IsInternal = LibBpf.MapIsInternal(pointer);
        IsPinnedByName = LibBpf.MapPinPath(pointer) is not null;

        // Weft pins maps itself, to report a mismatch exactly and to replace in one step; libbpf must not try.
        BpfException.Check(LibBpf.MapSetPinPath(pointer, null), $"clear the pin path of map {Name}");
    }

    public string Name { get; }

    /// <summary>A map that libbpf made for .rodata, .data or .bss.</summary>
    public bool IsInternal { get; }

    /// <summary>Whether the definition has <c>__uint(pinning, LIBBPF_PIN_BY_NAME)</c>.</summary>
    public bool IsPinnedByName { get; }

    public BpfMapSchema Schema
    {
        get
        {
            _owner.RequireOpen();
            return SchemaOf(Pointer);
        }
    }

    /// <summary>Of the maps that this map of maps holds; null for other maps.</summary>
    public BpfMapSchema? InnerSchema
    {
        get
        {
            _owner.RequireOpen();
            nint inner = Schema.IsMapOfMaps ? LibBpf.MapInner(Pointer) : 0;
            return inner == 0 ? null : SchemaOf(inner);
        }
    }

    /// <summary>Entries; bytes of a ring buffer, where libbpf rounds up to a power of two of pages.</summary>
    public uint MaxEntries
    {
        get => Schema.MaxEntries;
        set
        {
            _owner.RequireOpen();
            BpfException.Check(LibBpf.MapSetMaxEntries(Pointer, value), $"set max entries of map {Name} to {value}");
        }
    }

    public BpfMapFlags Flags
    {
        get => Schema.Flags;
        set
        {
            _owner.RequireOpen();
            BpfException.Check(LibBpf.MapSetFlags(Pointer, (uint)value), $"set flags of map {Name} to {value}");
        }
    }

    internal nint Pointer { get; }

    private static BpfMapSchema SchemaOf(nint map) => new(
        (BpfMapType)LibBpf.MapType(map),
        (int)LibBpf.MapKeySize(map),
        (int)LibBpf.MapValueSize(map),
        LibBpf.MapMaxEntries(map),
        (BpfMapFlags)LibBpf.MapFlags(map));
}
