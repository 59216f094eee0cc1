using Weft.Linux;

namespace Weft.Netlink.Links;

/// <summary>A network device as the kernel reports it.</summary>
public sealed record Link
{
    public required IfIndex Index { get; init; }

    public required string Name { get; init; }

    public LinkFlags Flags { get; init; }

    public OperState State { get; init; }

    /// <summary>Null for devices without an Ethernet address.</summary>
    public HardwareAddress? Address { get; init; }

    public int Mtu { get; init; }

    /// <summary>Driver (<c>veth</c>, <c>vxlan</c>, <c>bridge</c> …); null for hardware and loopback.</summary>
    public string? Kind { get; init; }

    /// <summary>
    /// The other end of a veth, or the device below; an index of the namespace that <see cref="ParentNamespaceId"/> names.
    /// </summary>
    public IfIndex Parent { get; init; }

    /// <summary>Kernel's id (IFLA_LINK_NETNSID) of the namespace that holds <see cref="Parent"/>; null if it is the same one.</summary>
    public int? ParentNamespaceId { get; init; }

    /// <summary>Bridge or bond that it is a port of; <see cref="IfIndex.None"/> without.</summary>
    public IfIndex Master { get; init; }

    public uint Group { get; init; }

    public string? Alias { get; init; }

    public uint TransmitQueueLength { get; init; }

    public uint TransmitQueues { get; init; }

    public uint ReceiveQueues { get; init; }

    /// <summary>Biggest packet that the stack hands down, in bytes; for IPv4 since 6.3 see <see cref="GsoMaxSizeIPv4"/>.</summary>
    public uint GsoMaxSize { get; init; }

    public uint GroMaxSize { get; init; }

    /// <summary>0 on kernels older than 6.3.</summary>
    public uint GsoMaxSizeIPv4 { get; init; }

    /// <summary>0 on kernels older than 6.3.</summary>
    public uint GroMaxSizeIPv4 { get; init; }

    /// <summary>Set for kind <c>vxlan</c>.</summary>
    public VxlanSettings? Vxlan { get; init; }

    public LinkStatistics Statistics { get; init; }

    public bool IsUp => Flags.HasFlag(LinkFlags.IFF_UP);
}
