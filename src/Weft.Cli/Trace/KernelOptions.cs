using System.Globalization;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Capture;

namespace Weft.Cli.Trace;

/// <summary>What <c>weft trace kernel</c> follows, and what it prints of it.</summary>
/// <param name="Filter">As tcpdump takes it, for the inner or the outer packet; empty: by mark or device only.</param>
/// <param name="Mark">Of the packet, with its mask; null: any.</param>
/// <param name="Device">Name of the only device; null: any.</param>
/// <param name="AllNamespaces">Also those that are no pod's and not the node's.</param>
/// <param name="Stack">Print the kernel's stack below each line.</param>
/// <param name="Limit">Lines after which it ends; 0: none.</param>
internal sealed record KernelOptions(string Filter, (uint Value, uint Mask)? Mark, string? Device, bool AllNamespaces, bool Stack, int Limit)
{
    private static readonly string[] s_points = ["queue", "transmit", "notsent", "receive", "socket", "drop", "consumed", "rx"];

    public HopRequest ToRequest() => new()
    {
        Code = Filter.Length == 0 ? ReadOnlyMemory<byte>.Empty : CaptureFilter.Compile(Filter),
        Stacks = s_points,
        Events = [MonitorRequest.Trace, MonitorRequest.Drop],
        Mark = Mark?.Value ?? 0,
        MarkMask = Mark?.Mask ?? 0,
        Devices = Device is null ? [] : [Device],
        NodeOnly = Device is not null,
        AllNamespaces = AllNamespaces,
    };

    /// <summary>Reads <c>0x400</c> or <c>0x400/0xf00</c>, hexadecimal or decimal.</summary>
    public static bool TryParseMark(string text, out (uint Value, uint Mask) mark)
    {
        string[] parts = text.Split('/');
        mark = (0, uint.MaxValue);
        return parts.Length <= 2 && TryParse(parts[0], out mark.Value) && (parts.Length == 1 || TryParse(parts[1], out mark.Mask)) && mark.Mask != 0;
    }

    private static bool TryParse(string text, out uint value) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
