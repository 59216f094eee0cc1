// include/uapi/linux/bpf.h: struct bpf_prog_info, bpf_map_info, bpf_link_info up to the last field read here.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Interop;

[InlineArray(16)]
internal struct Name16
{
    private byte _first;
}

[InlineArray(8)]
internal struct Tag8
{
    private byte _first;
}

[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct ProgramInfo
{
    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public Tag8 Tag;
    [FieldOffset(16)] public uint JitedLength;
    [FieldOffset(20)] public uint TranslatedLength;
    [FieldOffset(52)] public uint MapCount;
    [FieldOffset(56)] public ulong MapIds;
    [FieldOffset(64)] public Name16 Name;
    [FieldOffset(192)] public ulong RunTimeNs;
    [FieldOffset(200)] public ulong RunCount;
    [FieldOffset(216)] public uint VerifiedInstructions;
}

[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct MapInfo
{
    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public uint KeySize;
    [FieldOffset(12)] public uint ValueSize;
    [FieldOffset(16)] public uint MaxEntries;
    [FieldOffset(20)] public uint Flags;
    [FieldOffset(24)] public Name16 Name;
}

/// <summary>The union's TCX and XDP arms, which both begin with the interface index, and the one of cgroups.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct LinkInfo
{
    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public uint ProgramId;
    [FieldOffset(16)] public uint IfIndex;
    [FieldOffset(20)] public uint AttachType;
    [FieldOffset(16)] public ulong CgroupId;
    [FieldOffset(24)] public uint CgroupAttachType;
}
