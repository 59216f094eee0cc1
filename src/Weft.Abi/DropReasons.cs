using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Abi;

/// <summary>The texts of <see cref="DropReason"/>.</summary>
public static class DropReasons
{
    /// <summary>Every reason, by number.</summary>
    public static ImmutableArray<DropReasonInfo> All { get; } =
    [
        new(DropReason.Forwarded, "Success",
            "Not a drop: the packet was forwarded. `bpf metrics list` counts forwarded packets under it."),
        new(DropReason.Interface, "Interface",
            "Not a drop: the packet was seen on the underlay device, the overlay's own among them. `bpf metrics list` counts under it."),
        new(DropReason.InvalidSourceMac, "Invalid source mac",
            "A pod sent a frame or an ARP packet with an Ethernet source that is not its endpoint's: a spoofed frame, or a bridge inside the pod."),
        new(DropReason.InvalidDestinationMac, "Invalid destination mac",
            "A pod sent a frame to an Ethernet address other than its gateway's: a stale neighbour entry in the pod."),
        new(DropReason.InvalidSourceIP, "Invalid source ip",
            "A pod sent a packet, or asked by ARP, from an address that is not its endpoint's: spoofed, or an address that was added by hand."),
        new(DropReason.Policy, "Policy denied",
            "The endpoint is under policy in this direction, and no rule allows the flow (`weft policy why` says which policies deny by default, and what would help)."),
        new(DropReason.InvalidPacket, "Invalid packet",
            "An Ethernet, ARP or IPv4 header is cut short or contradicts itself."),
        new(DropReason.CtInvalidHeader, "CT: Truncated or invalid header",
            "The TCP, UDP or ICMP header, or the packet that an ICMP error quotes, is cut short: it belongs to no flow."),
        new(DropReason.FragmentationNeeded, "Fragmentation needed",
            "The packet is larger than the overlay's MTU and must not be fragmented. The sender was told by an ICMP error; if it goes on, the pod's route has a wrong MTU or ICMP is filtered in the pod."),
        new(DropReason.CtUnknownProtocol, "CT: Unknown L4 protocol",
            "Neither TCP, UDP nor ICMP: connection tracking does not know the protocol."),
        new(DropReason.UnsupportedL3, "Unsupported L3 protocol",
            "Neither ARP nor IPv4, or inside the overlay not IPv4. Pods with IPv6 switched on cause it by neighbour discovery; it is harmless then."),
        new(DropReason.WriteError, "Error writing to packet",
            "The kernel refused to send the packet into the overlay (a helper failed; the event has its errno)."),
        new(DropReason.NoTunnelKey, "Error retrieving tunnel key",
            "A packet on the overlay device has no VNI and no outer address: somebody else sent into the device, or it is not in external mode."),
        new(DropReason.UnknownL3Target, "Unknown L3 target address",
            "The ipcache knows nobody with the destination address: the pod is gone, or this node has not learned of it yet."),
        new(DropReason.NoLocalEndpoint, "No matching local container found",
            "An overlay packet for an address that no pod of this node has: the sender's ipcache is older than the pod's end."),
        new(DropReason.CtInsertFailed, "CT: Map insertion failed",
            "The connection tracking map took no new entry (the event has the errno)."),
        new(DropReason.InvalidExtension, "Invalid IPv6 extension header",
            "An IPv6 extension header is cut short, of a kind that is not passed on, or one of too many."),
        new(DropReason.NoBackend, "Service backend not found",
            "The service has no backend that may serve this client. TCP was reset and UDP answered with port unreachable, so the client knows at once."),
        new(DropReason.NoTunnelEndpoint, "No tunnel/encapsulation endpoint",
            "The destination is known, but is behind no other node: same-node, host and world traffic, which this version does not forward."),
        new(DropReason.NoConfig, "No configuration available to perform policy decision",
            "The device has the datapath's program but no entry in weft_devices: an endpoint in the middle of being made or removed."),
        new(DropReason.UnsupportedL2, "Unsupported L2 protocol",
            "A frame with a VLAN tag, or ARP for something else than IPv4 over Ethernet."),
        new(DropReason.NatNoMapping, "No mapping for NAT masquerade",
            "No source port is free for this destination: too many flows of pods to one address and port at a time."),
        new(DropReason.NatUnsupported, "Unsupported protocol for NAT masquerade",
            "Only TCP, UDP, ICMP echo and ICMP errors can be masqueraded."),
        new(DropReason.FibLookup, "FIB lookup failed",
            "The node has no route for the packet's destination (the event has what bpf_fib_lookup returned)."),
        new(DropReason.EncapProhibited, "Encapsulation traffic is prohibited",
            "A pod sent to the overlay's own UDP port, which would let it forge identities."),
        new(DropReason.InvalidIdentity, "Invalid identity",
            "An overlay packet with VNI 0 (unknown) or 1 (host), which no node sends."),
        new(DropReason.UnknownSender, "Unknown sender",
            "An overlay packet from an outer address that is not a node of the cluster."),
        new(DropReason.ClusterIP, "Is a ClusterIP",
            "A packet from outside for the cluster's own address of a service, which only pods and nodes may use."),
        new(DropReason.FirstFragmentMissing, "First logical datagram fragment not found",
            "A fragment whose first fragment, which has the ports, was not seen: lost or reordered on the way."),
        new(DropReason.ForbiddenIcmp6, "Forbidden ICMPv6 message",
            "A pod sent multicast listener or router messages, which have no meaning here; harmless."),
        new(DropReason.SourceRange, "Denied by LB src range check",
            "The client is in none of the service's loadBalancerSourceRanges."),
        new(DropReason.PolicyDeny, "Policy denied by denylist",
            "A deny rule of a policy speaks of the flow, whatever else allows it (`weft policy why` names the rule)."),
        new(DropReason.TtlExceeded, "TTL exceeded",
            "The packet's time to live ran out at this node. The sender was told by an ICMP error; a traceroute causes it on purpose."),
    ];

    private static readonly string?[] Texts = IndexTexts();

    /// <summary>The text, or the number of a reason that this version does not know.</summary>
    public static string Text(DropReason reason) =>
        Texts[(byte)reason] ?? ((byte)reason).ToString(CultureInfo.InvariantCulture);

    private static string?[] IndexTexts()
    {
        string?[] texts = new string?[256];
        foreach (DropReasonInfo info in All)
        {
            texts[(byte)info.Reason] = info.Text;
        }

        return texts;
    }
}
