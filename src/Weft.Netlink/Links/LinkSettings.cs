using Weft.Linux;

namespace Weft.Netlink.Links;

/// <summary>Properties of any device, to set at creation or later. Null leaves what is.</summary>
public sealed record LinkSettings
{
    public HardwareAddress? Address { get; init; }

    public int? Mtu { get; init; }

    public bool? Up { get; init; }

    /// <summary>Bridge to become a port of; <see cref="IfIndex.None"/> leaves it.</summary>
    public IfIndex? Master { get; init; }

    public uint? Group { get; init; }

    public string? Alias { get; init; }

    public uint? TransmitQueueLength { get; init; }

    /// <summary>Only at creation.</summary>
    public uint? TransmitQueues { get; init; }

    /// <summary>Only at creation.</summary>
    public uint? ReceiveQueues { get; init; }

    public uint? GsoMaxSize { get; init; }

    public uint? GroMaxSize { get; init; }

    /// <summary>Kernel 6.3 and newer.</summary>
    public uint? GsoMaxSizeIPv4 { get; init; }

    /// <summary>Kernel 6.3 and newer.</summary>
    public uint? GroMaxSizeIPv4 { get; init; }

    /// <summary>False: no link-local IPv6 address comes by itself (<c>addrgenmode none</c>). Set before the device goes up.</summary>
    public bool? GenerateIPv6Address { get; init; }

    /// <summary>False: neither asks nor answers ARP (IFF_NOARP).</summary>
    public bool? Arp { get; init; }

    /// <summary>Namespace that the device is made in or moves to. Its other settings are applied there.</summary>
    public NetworkNamespace? Namespace { get; init; }
}
