namespace Weft.Netlink.Links;

/// <summary>What makes a bridge. Null leaves the kernel's default.</summary>
public sealed record BridgeSettings
{
    /// <summary>Time before a new port forwards, in hundredths of a second; without the spanning tree protocol 0 is safe.</summary>
    public uint? ForwardDelay { get; init; }

    /// <summary>Lifetime of learned addresses, in hundredths of a second.</summary>
    public uint? Ageing { get; init; }

    public bool? SpanningTree { get; init; }

    public bool? MulticastSnooping { get; init; }
}
