using System.Net;
using Weft.Linux;

namespace Weft.Netlink.Links;

/// <summary>What makes a VXLAN device. Null leaves the kernel's default.</summary>
public sealed record VxlanSettings
{
    /// <summary>Takes the VNI and the remote node from each packet's tunnel key (<c>external</c>); excludes <see cref="Vni"/>.</summary>
    public bool CollectMetadata { get; init; }

    /// <summary>The one network of the device, 24 bits.</summary>
    public uint? Vni { get; init; }

    /// <summary>UDP port. The kernel's default is 8472, not the registered 4789.</summary>
    public ushort? Port { get; init; }

    /// <summary>First and last UDP source port; null is the range of <c>ip_local_port_range</c>.</summary>
    public (ushort First, ushort Last)? SourcePorts { get; init; }

    /// <summary>Learn remote nodes from received packets; the kernel's default is on.</summary>
    public bool? Learning { get; init; }

    /// <summary>Outer source address.</summary>
    public IPAddress? Local { get; init; }

    /// <summary>Default outer destination: a node or a multicast group.</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>Device that outer packets leave by; the device's MTU follows it.</summary>
    public IfIndex? LowerDevice { get; init; }

    public byte? Ttl { get; init; }

    /// <summary>Compute the outer UDP checksum over IPv4.</summary>
    public bool? UdpChecksum { get; init; }

    /// <summary>Send over IPv6 with a zero outer UDP checksum (RFC 6935).</summary>
    public bool? UdpZeroChecksum6Send { get; init; }

    public bool? UdpZeroChecksum6Receive { get; init; }

    /// <summary>Group Based Policy extension: carries a 16-bit mark in the header.</summary>
    public bool GroupPolicy { get; init; }

    /// <summary>Lifetime of learned entries, in seconds.</summary>
    public uint? Ageing { get; init; }
}
