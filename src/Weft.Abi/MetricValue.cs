using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_metrics</c>, per CPU.</summary>
[BtfStruct("weft_metric")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct MetricValue
{
    public ulong Packets;
    public ulong Bytes;

    /// <summary>Index into the map.</summary>
    public static uint IndexOf(DropReason reason, MetricDirection direction) => (uint)reason << 2 | (uint)direction;

    /// <summary>Inverse of <see cref="IndexOf"/>.</summary>
    public static (DropReason Reason, MetricDirection Direction) FromIndex(uint index) =>
        ((DropReason)(index >> 2), (MetricDirection)(index & 3));
}
