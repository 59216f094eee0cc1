namespace Weft.Bpf.Maps;

/// <summary>A map to be created without an object file.</summary>
public sealed record BpfMapDefinition
{
    /// <summary>Shown by tools; the kernel keeps 15 bytes of it.</summary>
    public required string Name { get; init; }

    public required BpfMapType Type { get; init; }

    /// <summary>Bytes.</summary>
    public int KeySize { get; init; }

    /// <summary>Bytes; of one CPU in per-CPU maps.</summary>
    public int ValueSize { get; init; }

    public uint MaxEntries { get; init; }

    public BpfMapFlags Flags { get; init; }

    /// <summary>In maps of maps: any map with the schema that inner maps will have.</summary>
    public BpfMap? InnerTemplate { get; init; }
}
