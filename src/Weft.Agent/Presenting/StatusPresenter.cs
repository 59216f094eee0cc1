using System.Globalization;
using Weft.Api.Cluster;
using Weft.Api.Ipam;
using Weft.Api.Status;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Datapath.Maps;
using Weft.Model.Identities;
using ApiController = Weft.Api.Status.ControllerStatus;
using Controller = Weft.Control.Controllers.ControllerStatus;

namespace Weft.Agent.Presenting;

/// <summary>The state of the agent as <c>GET /v1/healthz</c> tells it. What is not built says Disabled.</summary>
internal sealed class StatusPresenter(NodeAgent agent, ClusterPresenter cluster)
{
    private static readonly string s_version = typeof(StatusPresenter).Assembly.GetName().Version!.ToString(3);

    public StatusResponse Show()
    {
        TrafficPresenter traffic = new(agent);
        Controller[] controllers = [.. agent.Controllers.Snapshot()];
        int failing = controllers.Count(controller => !controller.IsHealthy);
        return new StatusResponse
        {
            Agent = failing == 0
                ? new ComponentStatus { State = ComponentState.Ok, Message = s_version }
                : new ComponentStatus
                {
                    State = ComponentState.Warning,
                    Message = $"{s_version}: {failing} of {controllers.Length} controllers fail (see the controllers)",
                },
            BandwidthManager = new BandwidthManagerStatus { Enabled = false },
            BpfMaps = Maps(),
            ClockSource = new ClockSource { Mode = "ktime" },
            Cluster = new ClusterStatus
            {
                Health = HealthDaemon(),
                Nodes = cluster.Nodes(),
                Self = cluster.Self,
            },
            CniChaining = new ModeStatus { Mode = "none" },
            ContainerRuntime = new ComponentStatus { State = ComponentState.Disabled },
            Controllers = [.. controllers.Select(Show)],
            Encryption = new EncryptionStatus(),
            HostFirewall = agent.Policy.Settings.HasHostFirewall
                ? new HostFirewall { Mode = "Enabled", Devices = [agent.Local.Underlay.Name] }
                : new HostFirewall(),
            HostRouting = traffic.HostRouting(),
            Hubble = new HubbleStatus(),
            IdentityRange = new IdentityRange { MinIdentity = Identity.ClusterMin.Value, MaxIdentity = Identity.ClusterMax.Value },
            Ipam = Ipam(),
            KubeProxyReplacement = traffic.KubeProxyReplacement(SocketTranslation()),
            Kubernetes = new K8sStatus(),
            Kvstore = Kvstore(),
            Masquerading = traffic.Masquerading(),
            NodeMonitor = Monitor(),
            Proxy = new ProxyStatus(),
            Routing = new Routing { InterHostRoutingMode = "Tunnel", IntraHostRoutingMode = "BPF", TunnelProtocol = "vxlan" },
        };
    }

    public MonitorStatus Monitor() => new()
    {
        Cpus = PossibleCpus.Count,
        Lost = (long)agent.Pump.LostInKernel,
        PageSize = Environment.SystemPageSize,
        Pages = agent.Pump.RingBytes / Environment.SystemPageSize,
        Unknown = agent.Pump.Undecodable,
    };

    /// <summary>Whether this node does its part; how it reaches the others is another question (GET /v1/health).</summary>
    private ComponentStatus HealthDaemon() => new()
    {
        State = agent.Health is not { } health ? ComponentState.Disabled
            : health.Failure is null ? ComponentState.Ok : ComponentState.Warning,
        Message = agent.Health?.Failure,
    };

    /// <summary>True only of what the kernel says now.</summary>
    private SocketLB SocketTranslation() => agent.Kernel.Sockets.Cgroup is not { } cgroup
        ? new SocketLB { Message = "switched off by --cgroup-root none: services are translated in packets only" }
        : agent.Kernel.Sockets.IsAttached()
            ? new SocketLB { Enabled = true, Cgroup = cgroup }
            : new SocketLB { Message = $"the programs are not on cgroup {cgroup} (see controller {AttachmentSync.ControllerName})" };

    private ComponentStatus Kvstore() => (agent.Cluster.Failure ?? agent.PolicyFeed.Failure) is { } why
        ? new ComponentStatus { State = ComponentState.Failure, Message = why }
        : new ComponentStatus { State = ComponentState.Ok, Message = agent.Store.Location };

    private IpamStatus Ipam()
    {
        SortedDictionary<string, string> ipv4 = Allocations(agent.Pools.IPv4);
        SortedDictionary<string, string>? ipv6 = agent.Pools.IPv6 is { } pool6 ? Allocations(pool6) : null;
        return new IpamStatus
        {
            Allocations = new SortedDictionary<string, string>(
                ipv4.Concat(ipv6 ?? []).ToDictionary(pair => pair.Key, pair => pair.Value), StringComparer.Ordinal),
            Ipv4 = [.. ipv4.Keys],
            Ipv6 = ipv6 is null ? null : [.. ipv6.Keys],
            Text = Text("IPv4", ipv4.Count, agent.Pools.IPv4)
                + (ipv6 is null ? "" : Text("IPv6", ipv6.Count, agent.Pools.IPv6!)),
        };
    }

    private static SortedDictionary<string, string> Allocations(AddressPool pool)
    {
        SortedDictionary<string, string> allocations = new(StringComparer.Ordinal) { [pool.Router.ToString()] = "router" };
        foreach (AddressAllocation allocation in pool.List())
        {
            allocations[allocation.Address.ToString()] = allocation.Owner;
        }

        return allocations;
    }

    // Each family ends with a comma, as users of this API know it.
    private static string Text(string family, int allocated, AddressPool pool) =>
        string.Create(CultureInfo.InvariantCulture, $"{family}: {allocated}/{pool.Capacity + 1} allocated from {pool.Cidr}, ");

    private BpfMapStatus Maps()
    {
        DatapathMaps maps = agent.Kernel.Datapath.Maps;
        return new BpfMapStatus
        {
            Maps =
            [
                Map("Non-TCP connection tracking", maps.ConntrackAny.Untyped),
                Map("TCP connection tracking", maps.ConntrackTcp.Untyped),
                Map("Endpoints", maps.Endpoints.Untyped),
                Map("Endpoint policy", maps.Policies),
                Map("Events", maps.Events),
                Map("IP cache", maps.Ipcache.Untyped),
                Map("Metrics", maps.Metrics.Untyped),
                Map("Policy rules", maps.PolicyRules.Untyped),
                Map("Tunnel", maps.Nodes.Untyped),
            ],
        };
    }

    private static BpfMapProperties Map(string name, BpfMap map) => new() { Name = name, Size = map.Schema.MaxEntries };

    private static ApiController Show(Controller controller) => new()
    {
        Name = controller.Name,
        Uuid = controller.Uuid.ToString(),
        Configuration = new ControllerConfiguration
        {
            ErrorRetry = true,
            ErrorRetryBase = GoDuration.Text(controller.RetryBase),
            Interval = controller.Interval is { } interval ? GoDuration.Text(interval) : null,
        },
        Status = new ControllerRunStatus
        {
            ConsecutiveFailureCount = controller.ConsecutiveFailures,
            FailureCount = controller.Failures,
            LastFailureMessage = controller.LastFailureMessage,
            LastFailureTimestamp = controller.LastFailure ?? default,
            LastSuccessTimestamp = controller.LastSuccess ?? default,
            SuccessCount = controller.Successes,
        },
    };
}
