using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>A record of perf buffer <c>weft_hops</c>: <see cref="HopHead"/>, then arrays at the offsets given here, the last as long as the packet.</summary>
[BtfStruct("weft_hop_event", Opaque = true)]
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct HopEvent
{
    public const int Size = 520;

    /// <summary>Of names of devices and processes, zero-filled.</summary>
    public const int NameLength = 16;

    public const int DeviceOffset = 64;
    public const int ProcessOffset = DeviceOffset + NameLength;

    /// <summary>Of <see cref="HopSkb"/>.</summary>
    public const int FieldsOffset = ProcessOffset + NameLength;

    public const int StackOffset = FieldsOffset + HopSkb.Size;

    /// <summary>Most addresses of a stack, eight bytes each, innermost first.</summary>
    public const int MaxStack = 16;

    public const int BytesOffset = StackOffset + (8 * MaxStack);

    /// <summary>Most bytes of a packet: the size of a perf record has 16 bits.</summary>
    public const int MaxSnapLength = 65000;

    /// <summary>Bytes of a packet that are enough for its headers.</summary>
    public const int HeadersLength = 256;
}
