using System.Net;
using System.Net.Sockets;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>Which packets are traced: those of a flow, and their answers.</summary>
/// <remarks>Absent parts fit everything. A filter without any part traces every packet.</remarks>
public sealed record TraceFilter
{
    private const int Tcp = 6;
    private const int Udp = 17;
    private const int Sctp = 132;

    /// <summary>IPPROTO_*.</summary>
    public byte? Protocol { get; init; }

    public IPNetwork? Source { get; init; }

    public IPNetwork? Destination { get; init; }

    /// <summary>Needs a protocol that has ports.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>Needs a protocol that has ports.</summary>
    public ushort? DestinationPort { get; init; }

    /// <summary>UDP port of a VXLAN whose packets are traced too where they carry packets of the flow; null: none.</summary>
    public ushort? TunnelPort { get; init; }

    /// <summary>Why no packet can be like this; null: some can.</summary>
    public string? Contradiction()
    {
        if ((SourcePort ?? DestinationPort) is not null && Protocol is not (Tcp or Udp or Sctp))
        {
            return "ports belong to TCP, UDP or SCTP: name the protocol too";
        }

        return Source is { } source && Destination is { } destination && FamilyOf(source) != FamilyOf(destination)
            ? $"source {source} and destination {destination} are of two address families"
            : null;
    }

    /// <summary>Whether the flow and its answers look the same to the filter.</summary>
    internal bool IsSymmetric => Source is null && Destination is null && SourcePort is null && DestinationPort is null;

    internal TraceFilter Reversed => this with
    {
        Source = Destination,
        Destination = Source,
        SourcePort = DestinationPort,
        DestinationPort = SourcePort,
    };

    internal bool HasIPv4 => Any(AddressFamily.InterNetwork);

    internal bool HasIPv6 => Any(AddressFamily.InterNetworkV6);

    private bool Any(AddressFamily family) => (Source ?? Destination) is not { } network || FamilyOf(network) == family;

    private static AddressFamily FamilyOf(IPNetwork network) => network.BaseAddress.AddressFamily;
}
