// include/uapi/linux/bpf.h, flags of BPF_MAP_UPDATE_ELEM
namespace Weft.Bpf.Maps;

/// <summary>What an update expects to find.</summary>
public enum BpfUpdate
{
    /// <summary>Creates or replaces.</summary>
    Any = 0,

    /// <summary>Creates only.</summary>
    NoExist = 1,

    /// <summary>Replaces only.</summary>
    Exist = 2,
}
