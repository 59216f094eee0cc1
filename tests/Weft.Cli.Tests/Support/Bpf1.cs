using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Api;
using Weft.Api.Cluster;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Api.Ipam;
using Weft.Api.Services;
using Weft.Api.Status;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests.Support;

/// <summary>What the agent of node bpf1 answers, in a cluster of two nodes with two pods here.</summary>
internal static class Bpf1
{
    public static IdentityResource CniIdentity { get; } = new()
    {
        Id = 37483,
        Labels = ["k8s:io.kubernetes.pod.namespace=default", "k8s:app=cni"],
    };

    public static StatusResponse Status { get; } = new()
    {
        Agent = new ComponentStatus { State = ComponentState.Ok, Message = "0.1.0 (v0.1.0-8ab2fc31)" },
        Kvstore = new ComponentStatus { State = ComponentState.Ok, Message = "sqlite: /var/lib/weft/store.db" },
        NodeMonitor = new MonitorStatus { Cpus = 2, Pages = 1024, PageSize = 4096 },
        Ipam = new IpamStatus
        {
            Text = "IPv4: 3/254 allocated from 10.0.1.0/24",
            Ipv4 = ["10.0.1.1", "10.0.1.180", "10.0.1.20"],
            Allocations = new Dictionary<string, string>
            {
                ["10.0.1.180"] = "default/cni-6vf5d",
                ["10.0.1.20"] = "default/other",
                ["10.0.1.1"] = "router",
            },
        },
        Routing = new Routing { TunnelProtocol = "vxlan" },
        HostRouting = new ModeStatus { Mode = "BPF" },
        KubeProxyReplacement = new KubeProxyReplacement
        {
            Mode = "True",
            Devices = ["ens3"],
            DeviceList = [new KubeProxyDevice { Name = "ens3", Ip = ["192.168.2.61", "fd00:c0a8:2::61"] }],
            DirectRoutingDevice = "ens3",
        },
        Masquerading = new Masquerading
        {
            Enabled = true,
            EnabledProtocols = new EnabledProtocols { Ipv4 = true, Ipv6 = false },
            Mode = "BPF",
            SnatExclusionCidrV4 = "10.0.1.0/24",
        },
        ClockSource = new ClockSource { Mode = "ktime" },
        Controllers = [Healthy("sync-node", 12), Healthy("ct-gc", 301), Healthy("watch-nodes", 3700)],
        IdentityRange = new IdentityRange { MinIdentity = 256, MaxIdentity = 65535 },
        BpfMaps = new BpfMapStatus
        {
            Maps = [new BpfMapProperties { Name = "weft_ipcache", Size = 512000 }, new BpfMapProperties { Name = "weft_ct_tcp", Size = 524288 }],
        },
    };

    /// <summary>The same node when its store cannot be reached.</summary>
    public static StatusResponse SickStatus { get; } = Status with
    {
        Kvstore = new ComponentStatus { State = ComponentState.Failure, Message = "open /var/lib/weft/store.db: database is locked" },
        Controllers =
        [
            Healthy("ct-gc", 301),
            new ControllerStatus
            {
                Name = "sync-node",
                Status = new ControllerRunStatus
                {
                    ConsecutiveFailureCount = 4,
                    FailureCount = 5,
                    LastFailureMessage = "put weft/state/nodes/v1/default/bpf1: database is locked",
                    LastFailureTimestamp = FixedClock.Now.AddSeconds(-2),
                    LastSuccessTimestamp = FixedClock.Now.AddSeconds(-75),
                },
            },
        ],
        NodeMonitor = Status.NodeMonitor! with { Lost = 12, Unknown = 1 },
        Stale = new Dictionary<string, string> { ["kvstore"] = "2026-11-22T20:44:00Z" },
    };

    public static IReadOnlyList<EndpointResource> Endpoints { get; } =
    [
        Endpoint(3663, CniIdentity, "10.0.1.180", "default/cni-6vf5d"),
        Endpoint(83, new IdentityResource { Id = 1, Labels = ["reserved:host"] }, null, null),
        Endpoint(1429, new IdentityResource { Id = 12057, Labels = ["k8s:app=other"] }, "10.0.1.20", "default/other"),
    ];

    public static DaemonConfiguration Config { get; } = new()
    {
        Status = new DaemonConfigurationStatus
        {
            DaemonConfigurationMap = new Dictionary<string, string> { ["node-name"] = "bpf1", ["device"] = "ens3" },
            Immutable = new Dictionary<string, string> { ["SourceIPVerification"] = "Enabled" },
            Realized = new DaemonConfigurationSpec
            {
                Options = new Dictionary<string, string>
                {
                    [DatapathOption.TraceNotification] = "Disabled",
                    [DatapathOption.Debug] = "Disabled",
                    [DatapathOption.DropNotification] = "Enabled",
                    [DatapathOption.MonitorAggregationLevel] = "Medium",
                },
            },
        },
    };

    public static IReadOnlyList<ServiceResource> Services { get; } =
    [
        Service(1, "10.96.0.10", 80, "ClusterIP", ("10.0.1.180", "active"), ("10.0.0.23", "active"), ("10.0.0.24", "terminating")),
        Service(2, "0.0.0.0", 30080, "NodePort", ("10.0.1.180", "active")),
        Service(3, "fd00:20::1", 80, "ClusterIP"),
    ];

    /// <summary>An agent that answers with the documents above.</summary>
    public static FakeAgent StartAgent() => new FakeAgent()
        .On("GET /v1/healthz", Json(Status, ApiJson.Default.StatusResponse))
        .On("GET /v1/endpoint", Json(Endpoints, ApiJson.Default.EndpointList))
        .On("GET /v1/endpoint/3663", Json(Endpoints[0], ApiJson.Default.EndpointResource))
        .On("GET /v1/endpoint/3663/log", Json(Endpoints[0].Status!.Log!, ApiJson.Default.EndpointLog))
        .On("GET /v1/endpoint/9", """{"code":"endpoint-not-found","message":"endpoint 9: not on this node"}""", 404)
        .On("GET /v1/identity", Json(Identities(), ApiJson.Default.IdentityList))
        .On("GET /v1/identity/37483", Json(CniIdentity, ApiJson.Default.IdentityResource))
        .On("GET /v1/cluster/nodes", Json(Nodes(), ApiJson.Default.ClusterNodeStatus))
        .On("GET /v1/service", Json(Services, ApiJson.Default.ServiceResources))
        .On("GET /v1/service/1", Json(Services[0], ApiJson.Default.ServiceResource))
        .On("GET /v1/config", Json(Config, ApiJson.Default.DaemonConfiguration));

    public static Machine MachineOf(FakeAgent agent) => new() { OwnSocket = agent.SocketPath };

    public static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static IReadOnlyList<IdentityResource> Identities() =>
    [
        CniIdentity,
        new IdentityResource { Id = 7, Labels = ["reserved:remote-node", "reserved:kube-apiserver"] },
        new IdentityResource { Id = 1, Labels = ["reserved:host"] },
    ];

    private static ClusterNodeStatus Nodes() => new()
    {
        Self = "default/bpf1",
        NodesAdded =
        [
            Node("bpf2", "192.168.2.62", "10.0.0.0/24", "kvstore"),
            Node("bpf1", "192.168.2.61", "10.0.1.0/24", "local"),
        ],
    };

    private static ServiceResource Service(long id, string ip, ushort port, string type, params (string Ip, string State)[] backends)
    {
        ServiceSpec spec = new()
        {
            Id = id,
            FrontendAddress = new FrontendAddress { Ip = ip, Port = port, Protocol = "tcp" },
            BackendAddresses = [.. backends.Select(b => new BackendAddress { Ip = b.Ip, Port = 8080, Protocol = "tcp", State = b.State })],
            Flags = new ServiceSpecFlags { Name = "web", Namespace = "default", Type = type },
        };
        return new ServiceResource { Spec = spec, Status = new ServiceResourceStatus { Realized = spec } };
    }

    private static NodeElement Node(string name, string address, string podCidr, string source) => new()
    {
        Name = name,
        PrimaryAddress = new NodeAddressing { Ipv4 = new NodeAddressingElement { Enabled = true, Ip = address, AllocRange = podCidr } },
        Source = source,
    };

    private static ControllerStatus Healthy(string name, int secondsAgo) => new()
    {
        Name = name,
        Status = new ControllerRunStatus { SuccessCount = 1, LastSuccessTimestamp = FixedClock.Now.AddSeconds(-secondsAgo) },
    };

    private static EndpointResource Endpoint(long id, IdentityResource identity, string? ipv4, string? pod) => new()
    {
        Id = id,
        Status = new EndpointStatus
        {
            State = EndpointState.Ready,
            Identity = identity,
            ExternalIdentifiers = new EndpointIdentifiers { PodName = pod },
            Networking = new EndpointNetworking { Addressing = [new AddressPair { Ipv4 = ipv4 }] },
            Policy = new EndpointPolicyStatus { Realized = new EndpointPolicy { Id = identity.Id } },
            Log =
            [
                new EndpointStatusChange { Code = "OK", Message = "forwarding", State = "ready", Timestamp = FixedClock.Now },
                new EndpointStatusChange { Code = "OK", Message = "created", State = "creating", Timestamp = FixedClock.Now.AddSeconds(-1) },
            ],
        },
    };
}
