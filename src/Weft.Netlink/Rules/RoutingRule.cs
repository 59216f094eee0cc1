using System.Net;
using Weft.Netlink.Routes;

namespace Weft.Netlink.Rules;

/// <summary>Which packets look into which routing table. Null matches every packet.</summary>
public sealed record RoutingRule
{
    /// <summary>Of the packets that the rule is for; has to agree with <see cref="From"/> and <see cref="To"/>.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>The lower is asked first; null lets the kernel take one just below the lowest there is.</summary>
    public uint? Priority { get; init; }

    public IPNetwork? From { get; init; }

    public IPNetwork? To { get; init; }

    /// <summary>The packet's mark, in the bits of <see cref="MarkMask"/>.</summary>
    public uint? Mark { get; init; }

    /// <summary>Null: all bits.</summary>
    public uint? MarkMask { get; init; }

    /// <summary>Name of the device that the packet came in by; it need not exist yet.</summary>
    public string? InputDevice { get; init; }

    public required RouteTableId Table { get; init; }

    public override string ToString()
    {
        string text = From is { } from ? $"from {from}" : "from all";
        text = To is { } to ? $"{text} to {to}" : text;
        text = Mark is { } mark ? $"{text} fwmark 0x{mark:x}" : text;
        text = InputDevice is null ? text : $"{text} iif {InputDevice}";
        return $"{text} lookup {Table}";
    }
}
