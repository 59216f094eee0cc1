// include/uapi/linux/bpf.h, flags of BPF_MAP_CREATE
namespace Weft.Bpf.Maps;

/// <summary>Properties of a map that are fixed when it is created.</summary>
[Flags]
#pragma warning disable CA1711 // map_flags is the kernel's word
public enum BpfMapFlags : uint
{
    None = 0,
    NoPreallocation = 1 << 0,
    NoCommonLru = 1 << 1,
    NumaNode = 1 << 2,
    ReadOnly = 1 << 3,
    WriteOnly = 1 << 4,
    StackBuildId = 1 << 5,
    ZeroSeed = 1 << 6,
    ReadOnlyForPrograms = 1 << 7,
    WriteOnlyForPrograms = 1 << 8,
    Clone = 1 << 9,
    Mappable = 1 << 10,
    PreserveElements = 1 << 11,
    InnerMap = 1 << 12,
}
