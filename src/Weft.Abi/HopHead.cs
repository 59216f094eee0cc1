using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Begins what is reported of a packet at a point.</summary>
[BtfStruct("weft_hop_head")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HopHead
{
    /// <summary>CLOCK_MONOTONIC nanoseconds.</summary>
    public ulong Time;

    /// <summary>Address of the packet in the kernel: another one's after it was freed.</summary>
    public ulong Skb;

    /// <summary>Of a drop: where in the kernel's code; of a call: the function; else 0.</summary>
    public ulong Location;

    /// <summary>Inode of the network namespace; 0: not known.</summary>
    public uint Netns;

    /// <summary>0: none.</summary>
    public uint Ifindex;

    /// <summary>Bytes of the packet at this point.</summary>
    public uint Len;

    public uint Mark;

    /// <summary>Of a drop: <c>enum skb_drop_reason</c> of the running kernel. Of a packet not sent: the driver's answer.</summary>
    public uint Reason;

    /// <summary>0: of no process.</summary>
    public uint Pid;

    public HopPoint Point;
    public ushort Cpu;

    /// <summary>Bytes of the packet that follow.</summary>
    public ushort Captured;

    /// <summary>Of the IP header in those bytes.</summary>
    public ushort L3Offset;

    /// <summary>0: it is one packet on the wire.</summary>
    public ushort GsoSize;

    /// <summary>Entries of the stack.</summary>
    public ushort StackLen;

    private readonly uint _pad;
}
