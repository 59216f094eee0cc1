using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Capture;

namespace Weft.Cli.Trace;

/// <summary>What <c>weft trace kernel</c> follows, and what it prints of it.</summary>
internal sealed record KernelOptions
{
    private static readonly string[] s_points = ["queue", "transmit", "notsent", "receive", "socket", "drop", "consumed", "rx"];

    /// <summary>As tcpdump takes it, for the inner or the outer packet; empty: any packet.</summary>
    public required string Filter { get; init; }

    /// <summary>Of the packet, with its mask; null: any.</summary>
    public (uint Value, uint Mask)? Mark { get; init; }

    /// <summary>The only network namespace, as the user names it; null: any.</summary>
    public string? Netns { get; init; }

    /// <summary>Name of the only device; null: any.</summary>
    public string? Device { get; init; }

    /// <summary>Of the names of functions; null: all.</summary>
    public Regex? Function { get; init; }

    /// <summary>Follow a packet until it is freed.</summary>
    public bool Track { get; init; }

    /// <summary>Also those that are no pod's and not the node's.</summary>
    public bool AllNamespaces { get; init; }

    public bool AllModules { get; init; }

    public bool Meta { get; init; }

    public bool Tuple { get; init; }

    /// <summary>Print fields of struct sk_buff.</summary>
    public bool Skb { get; init; }

    public bool Stack { get; init; }

    /// <summary>Lines after which it ends; 0: none.</summary>
    public int Limit { get; init; }

    /// <summary>Null: standard output.</summary>
    public string? File { get; init; }

    public KernelTimes Times { get; init; }

    public HopRequest ToRequest(KernelNamespace? netns) => new()
    {
        Code = Filter.Length == 0 ? ReadOnlyMemory<byte>.Empty : CaptureFilter.Compile(Filter),
        Stacks = Stack ? [.. s_points, "function"] : s_points,
        Events = [MonitorRequest.Trace, MonitorRequest.Drop],
        Mark = Mark?.Value ?? 0,
        MarkMask = Mark?.Mask ?? 0,
        Devices = Device is null ? [] : [Device],
        NodeOnly = Device is not null && netns is null,
        Namespace = netns?.Text,
        AllNamespaces = AllNamespaces || netns is { IsForeign: true },
        Track = Track,
        Functions = Function is null ? ".*" : Function.ToString(),
        AllModules = AllModules,
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
