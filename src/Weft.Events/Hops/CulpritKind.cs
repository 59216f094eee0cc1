namespace Weft.Events.Hops;

/// <summary>Names of what can be wrong: stable, for scripts.</summary>
public static class CulpritKind
{
    public const string Policy = "policy";
    public const string NoRoute = "no-route";
    public const string UnknownDestination = "unknown-destination";
    public const string StaleIpcache = "stale-ipcache";
    public const string MissingEndpoint = "missing-endpoint";
    public const string UnknownIdentity = "unknown-identity";
    public const string ForeignSender = "foreign-sender";
    public const string Mtu = "mtu";
    public const string Checksum = "checksum";
    public const string SpoofedSource = "spoofed-source";
    public const string TunnelBlocked = "tunnel-blocked";
    public const string Firewall = "firewall";
    public const string ReversePath = "rp-filter";
    public const string QueueFull = "queue-full";
    public const string NoListener = "no-listener";
    public const string NodeDown = "node-down";
    public const string NotOnWire = "lost-between-nodes";
    public const string Ttl = "ttl";
    public const string NoBackend = "no-backend";
    public const string Neighbour = "neighbour";
    public const string Masquerade = "masquerade";
    public const string DeviceDown = "device-down";
    public const string Datapath = "datapath";
    public const string Kernel = "kernel";
    public const string NotSent = "not-sent";
    public const string Unanswered = "unanswered";
    public const string ReplyLost = "reply-lost";
}
