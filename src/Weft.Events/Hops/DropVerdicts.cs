using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>What drops mean: those of the datapath by their reason, those of the kernel by its reason, the place and the packet.</summary>
internal static class DropVerdicts
{
    public static Verdict MissingEndpoint { get; } = new(
        CulpritKind.MissingEndpoint, "the datapath of this node does not have the pod's endpoint, though the node's agent does",
        "Let the agent write the entry again: 'weft ipam check --repair' there.");

    public static Verdict OfProgram(PacketWay way, Hop hop)
    {
        DropReason reason = hop.Seen.Program!.Drop!.Value;
        DropReasonInfo? info = DropReasons.All.FirstOrDefault(known => known.Reason == reason);
        string text = info is null ? reason.ToString() : $"{info.Text}. {info.Meaning.TrimEnd('.')}";
        return reason switch
        {
            DropReason.InvalidSourceIP when hop.Function == "weft_from_host" && way.Hops.Any(other => other.Function == "weft_from_pod" && other.Seen.Node == hop.Seen.Node) => new(
                CulpritKind.UnknownDestination,
                "the ipcache of this node does not know the destination, so the pod's packet went to the node's stack as one for the world, and came back by the route to the pods",
                "See whether the pod is still there ('weft endpoint list' on its node) and what this node knows ('weft bpf ipcache list')."),
            DropReason.InvalidSourceIP or DropReason.InvalidSourceMac or DropReason.InvalidDestinationMac => new(
                CulpritKind.SpoofedSource, text, "See what addresses the sender has ('ip address' in the pod) and what the endpoint has ('weft endpoint list')."),
            DropReason.UnknownL3Target => new(
                CulpritKind.UnknownDestination, text, "See whether the pod is still there ('weft endpoint list' on its node) and what this node knows ('weft bpf ipcache list')."),
            DropReason.NoLocalEndpoint => new(
                CulpritKind.StaleIpcache, text, "Compare the sender's ipcache ('weft bpf ipcache list') with the endpoints of this node ('weft bpf endpoint list')."),
            DropReason.UnknownSender => new(
                CulpritKind.ForeignSender, text, "If the sender is a node of the cluster, see whether this node knows it ('weft bpf node list', 'weft node list'); if not, somebody sends VXLAN to this node who should not."),
            DropReason.InvalidIdentity or DropReason.NoTunnelKey => new(
                CulpritKind.UnknownIdentity, text, "See who sends VXLAN with that VNI: 0 and 1 are no identities of a sender."),
            DropReason.TtlExceeded => new(CulpritKind.Ttl, text, TraceDiagnostician.AdviceFor(CulpritKind.Ttl)),
            DropReason.FragmentationNeeded => new(CulpritKind.Mtu, text, TraceDiagnostician.AdviceFor(CulpritKind.Mtu)),
            DropReason.NoBackend => new(CulpritKind.NoBackend, text, "See the service's backends and whether they are ready ('weft service list')."),
            DropReason.SourceRange or DropReason.ClusterIP => new(CulpritKind.Policy, text, "See the service's source ranges and type ('weft service list')."),
            DropReason.EncapProhibited => new(CulpritKind.Policy, text, null),
            DropReason.Policy or DropReason.PolicyDeny => new(CulpritKind.Policy, text, "See what would allow it: 'weft policy why SOURCE DESTINATION:PORT'."),
            DropReason.FibLookup => new(CulpritKind.NoRoute, text, TraceDiagnostician.AdviceFor(CulpritKind.NoRoute)),
            DropReason.NatNoMapping or DropReason.NatUnsupported => new(CulpritKind.Masquerade, text, "See how many translations there are ('weft bpf nat list')."),
            DropReason.NoTunnelEndpoint => new(CulpritKind.UnknownDestination, text, "See what this node knows of the address ('weft bpf ipcache list')."),
            _ => new(CulpritKind.Datapath, text, null),
        };
    }

    public static Verdict OfKernel(PacketWay way, Hop hop)
    {
        string reason = hop.Seen.KernelReason ?? "no reason given";
        string text = $"{WordsOf(reason)} (kernel: {reason}{(hop.Function is { } function ? $" in {function}" : "")})";
        bool tunnel = hop.Seen.Facts.Vni is not null;
        return reason switch
        {
            "NETFILTER_DROP" => tunnel
                ? new(CulpritKind.TunnelBlocked, $"a firewall rule of this node drops the tunnel's packets (kernel: {reason}{In(hop)})",
                    $"Find the rule with 'weft trace netfilter' or 'nft list ruleset' and let UDP port {hop.Seen.Facts.OuterPorts?.Destination} between the nodes.")
                : new(CulpritKind.Firewall, text, "Find the rule: 'weft trace netfilter', 'nft list ruleset', 'iptables-save' there."),
            "IP_RPFILTER" => new(CulpritKind.ReversePath, text, "Set net.ipv4.conf.DEVICE.rp_filter to 0 there: with an overlay the way back is by another device."),
            "NO_SOCKET" or "TCP_CLOSE" => new(CulpritKind.NoListener, text, null),
            "TCP_CSUM" or "UDP_CSUM" or "IP_CSUM" or "SKB_CSUM" or "ICMP_CSUM" => new(
                CulpritKind.Checksum, text, "See what changed the packet before: compare the checksums of the hops; switch offloads off to test ('ethtool -K DEVICE tx off')."),
            "QDISC_DROP" or "QDISC_OVERLIMIT" or "QDISC_CONGESTED" or "FULL_RING" or "CPU_BACKLOG" or "SOCKET_RCVBUFF" or "SOCKET_BACKLOG" or "FQ_FLOW_LIMIT" or "PROTO_MEM"
                or "TCP_LISTEN_OVERFLOW" or "NEIGH_QUEUEFULL" => new(
                CulpritKind.QueueFull, text, "Look at the queue there ('tc -s qdisc show dev DEVICE', 'ss -lnt', /proc/net/softnet_stat)."),
            "IP_OUTNOROUTES" or "IP_INNOROUTES" or "IP_INADDRERRORS" or "IP_INVALID_DEST" => new(CulpritKind.NoRoute, text, TraceDiagnostician.AdviceFor(CulpritKind.NoRoute)),
            "PKT_TOO_BIG" => new(CulpritKind.Mtu, text, TraceDiagnostician.AdviceFor(CulpritKind.Mtu)),
            "NEIGH_FAILED" or "NEIGH_CREATEFAIL" or "NEIGH_DEAD" => new(
                CulpritKind.Neighbour, text, "The next machine does not answer ARP or neighbour discovery: see whether it is up and on this link ('ip neigh')."),
            "DEV_READY" or "DEV_HDR" => new(CulpritKind.DeviceDown, text, "See whether the device is up ('ip link')."),
            "IP_LOCAL_SOURCE" or "IP_INVALID_SOURCE" or "IP_LOCALNET" => new(CulpritKind.SpoofedSource, text, "See who sends from this address."),
            "TC_INGRESS" or "TC_EGRESS" or "XDP" or "BPF_CGROUP_EGRESS" or "SOCKET_FILTER" => new(
                CulpritKind.Firewall, text, "A program or filter on the device drops it that is none of Weft's: 'tc filter show dev DEVICE ingress', 'bpftool net'."),
            "VXLAN_INVALID_HDR" or "VXLAN_VNI_NOT_FOUND" => new(CulpritKind.ForeignSender, text, "See who sends this, and whether weft_vxlan is there ('ip -d link show weft_vxlan')."),
            _ when hop.Function is "skb_do_redirect" or "__bpf_redirect" or "bpf_skb_redirect" => new(
                CulpritKind.DeviceDown, $"the device that the program before sends it to is down or gone (kernel: {reason} in {hop.Function})", "See whether that device is up ('ip link' there, and in the pod)."),
            _ when IsTtl(hop) => new(CulpritKind.Ttl, text, TraceDiagnostician.AdviceFor(CulpritKind.Ttl)),
            _ when IsTooBig(way, hop) => new(CulpritKind.Mtu, text, TraceDiagnostician.AdviceFor(CulpritKind.Mtu)),
            _ => new(CulpritKind.Kernel, text, null),
        };
    }

    private static string In(Hop hop) => hop.Function is { } function ? $" in {function}" : "";

    private static bool IsTtl(Hop hop) => hop.Seen.Facts.Ttl is <= 1 && hop.Seen.Stack.Any(function => function is "ip_forward" or "ip6_forward");

    private static bool IsTooBig(PacketWay way, Hop hop) =>
        way.Hops.Any(other => other.Seen.Facts.Vni is not null) && hop.Seen.Stack.Any(function => function is "ip_fragment" or "ip6_fragment" or "ip_do_fragment" or "__ip_finish_output");

    private static string WordsOf(string reason) => reason switch
    {
        "NETFILTER_DROP" => "a firewall rule of this node drops it",
        "IP_RPFILTER" => "the reverse path filter drops it: the way back to its source is not by the device that it came from",
        "NO_SOCKET" => "nobody listens",
        "TCP_CSUM" or "UDP_CSUM" or "IP_CSUM" or "SKB_CSUM" or "ICMP_CSUM" => "its checksum is wrong",
        "QDISC_DROP" or "QDISC_OVERLIMIT" or "FULL_RING" or "CPU_BACKLOG" or "SOCKET_RCVBUFF" or "SOCKET_BACKLOG" => "a queue is full",
        "IP_OUTNOROUTES" or "IP_INNOROUTES" => "there is no route",
        "PKT_TOO_BIG" => "it is larger than the next link takes",
        "NEIGH_FAILED" => "the next machine does not answer ARP or neighbour discovery",
        "DEV_READY" => "the device is down",
        "OTHERHOST" => "it is for another machine's Ethernet address",
        "TC_INGRESS" or "TC_EGRESS" => "a traffic control filter drops it",
        _ => "the kernel dropped it",
    };
}
