// /usr/include/bpf/bpf.h and libbpf.h of libbpf 1.1: option structs begin with their own size.
using System.Runtime.InteropServices;

namespace Weft.Bpf.Interop;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectOpenOptions
{
    public nuint Size;
    public byte* ObjectName;
    public byte RelaxedMaps;
    public byte* PinRootPath;
    public uint Reserved;
    public byte* Kconfig;
    public byte* CustomBtfPath;
    public byte* KernelLog;
    public nuint KernelLogSize;
    public uint KernelLogLevel;
}

[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateOptions
{
    public nuint Size;
    public uint BtfFd;
    public uint BtfKeyTypeId;
    public uint BtfValueTypeId;
    public uint BtfVmlinuxValueTypeId;
    public uint InnerMapFd;
    public uint MapFlags;
    public ulong MapExtra;
    public uint NumaNode;
    public uint MapIfIndex;
}

/// <remarks>As far as it is used: libbpf takes what lies behind the size for zero.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramLoadOptions
{
    public nuint Size;
    public int Attempts;
    public uint ExpectedAttachType;
}

/// <summary>bpf_link_create_opts with its arm for functions.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct FunctionLinkOptions
{
    [FieldOffset(0)] public nuint Size;
    [FieldOffset(36)] public uint Count;
    [FieldOffset(48)] public ulong* Addresses;
}

[StructLayout(LayoutKind.Sequential)]
internal struct BatchOptions
{
    public nuint Size;
    public ulong ElementFlags;
    public ulong Flags;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    public nuint Size;
    public byte* DataIn;
    public byte* DataOut;
    public uint DataSizeIn;
    public uint DataSizeOut;
    public void* ContextIn;
    public void* ContextOut;
    public uint ContextSizeIn;
    public uint ContextSizeOut;
    public uint ReturnValue;
    public int Repeat;
    public uint Duration;
    public uint Flags;
    public uint Cpu;
    public uint BatchSize;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TcHookOptions
{
    public nuint Size;
    public int IfIndex;
    public uint AttachPoint;
    public uint Parent;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TcOptions
{
    public nuint Size;
    public int ProgramFd;
    public uint Flags;
    public uint ProgramId;
    public uint Handle;
    public uint Priority;
}
