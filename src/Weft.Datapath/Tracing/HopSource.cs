using System.Net;

namespace Weft.Datapath.Tracing;

/// <summary>Where a flow begins.</summary>
/// <param name="Address">Of the sender; null: any.</param>
/// <param name="Protocol">IPPROTO_*.</param>
/// <param name="Port">ICMP: the identifier.</param>
public sealed record HopSource(IPAddress? Address, byte Protocol, ushort Port);
