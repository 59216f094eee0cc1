// include/uapi/linux/bpf.h, struct __sk_buff
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>The fields of a packet's <c>struct __sk_buff</c> that a test run can set and read back; the rest must stay zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
public struct SkBuffContext
{
    [FieldOffset(8)]
    private uint _mark;

    [FieldOffset(32)]
    private uint _priority;

    [FieldOffset(36)]
    private uint _ingressIfIndex;

    [FieldOffset(40)]
    private uint _ifIndex;

    [FieldOffset(48)]
    private ControlBlock _controlBlock;

    [FieldOffset(152)]
    private ulong _timestamp;

    [FieldOffset(160)]
    private uint _wireLength;

    [FieldOffset(164)]
    private uint _gsoSegments;

    [FieldOffset(176)]
    private uint _gsoSize;

    public uint Mark
    {
        readonly get => _mark;
        set => _mark = value;
    }

    public uint Priority
    {
        readonly get => _priority;
        set => _priority = value;
    }

    /// <summary>Must exist in the calling thread's network namespace; from kernel 5.11.</summary>
    public uint IngressIfIndex
    {
        readonly get => _ingressIfIndex;
        set => _ingressIfIndex = value;
    }

    /// <summary>Must exist in the calling thread's network namespace; 0 stands for its loopback device.</summary>
    public uint IfIndex
    {
        readonly get => _ifIndex;
        set => _ifIndex = value;
    }

    /// <summary>cb[0] to cb[4].</summary>
    public ControlBlock Cb
    {
        readonly get => _controlBlock;
        set => _controlBlock = value;
    }

    /// <summary>Nanoseconds.</summary>
    public ulong Timestamp
    {
        readonly get => _timestamp;
        set => _timestamp = value;
    }

    /// <summary>0 means the length of the packet; less than that is refused.</summary>
    public uint WireLength
    {
        readonly get => _wireLength;
        set => _wireLength = value;
    }

    public uint GsoSegments
    {
        readonly get => _gsoSegments;
        set => _gsoSegments = value;
    }

    public uint GsoSize
    {
        readonly get => _gsoSize;
        set => _gsoSize = value;
    }

    /// <summary>Five words for programs that pass something on.</summary>
    [InlineArray(5)]
    public struct ControlBlock
    {
        private uint _first;
    }
}
