using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>The only element of map <c>weft_hop_filter</c>: which packets are followed, and what is reported of them.</summary>
[BtfStruct("weft_hop_filter")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HopFilter
{
    /// <summary>A packet from here (all zero: from anywhere), and everything of its flow, is followed.</summary>
    public WeftAddress Src;

    public Be16 Sport;

    /// <summary>IPPROTO_*; 0: nothing is followed by <see cref="Src"/> and <see cref="Sport"/>.</summary>
    public byte Protocol;

    /// <summary>Non-zero: in every network namespace of the machine.</summary>
    public byte AnyNetns;

    public Be16 TunnelPort;

    /// <summary>Instructions in map <c>weft_hop_code</c>; 0: no filter program.</summary>
    public ushort CodeLen;

    /// <summary>By 1 &lt;&lt; <see cref="HopPoint"/>.</summary>
    public uint Points;

    /// <summary>Those reported with the kernel's stack, by 1 &lt;&lt; <see cref="HopPoint"/>.</summary>
    public uint Stacks;

    /// <summary>This tracer's bit in map <c>weft_watched</c>.</summary>
    public uint Watch;

    public uint Mark;

    /// <summary>0: any mark.</summary>
    public uint MarkMask;

    /// <summary>Names in map <c>weft_hop_devices</c>, the only ones to report of; 0: any.</summary>
    public uint Devices;

    /// <summary>Inode of the only network namespace to report of; 0: any.</summary>
    public uint Netns;

    /// <summary>Most bytes of a packet to report, at most <see cref="HopEvent.MaxSnapLength"/>.</summary>
    public uint Snaplen;

    /// <summary>Non-zero: what is of the flow of a followed packet is followed too.</summary>
    public uint Learn;

    /// <summary>Non-zero: a packet that was met once is followed by its address until it is freed.</summary>
    public uint Track;

    /// <summary>Most instructions of a filter program.</summary>
    public const int MaxCode = 512;
}
