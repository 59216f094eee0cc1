using System.Net;
using Weft.Packets;

namespace Weft.Events.Hops;

/// <summary>The two ends of a packet. ICMP echo has its identifier for both ports, so that a reply is the reverse of its request.</summary>
public sealed record FlowKey(IPProtocol Protocol, IPAddress Source, int SourcePort, IPAddress Destination, int DestinationPort)
{
    public FlowKey Reverse => new(Protocol, Destination, DestinationPort, Source, SourcePort);
}
