using Weft.Abi;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Api.Ipam;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Agent.Presenting;

/// <summary>Endpoints as the API shows them.</summary>
internal sealed class EndpointPresenter(NodeAgent agent, ClusterPresenter cluster)
{
    /// <summary>All, the node's own included, by id.</summary>
    public IReadOnlyList<EndpointResource> List() =>
        [.. agent.Endpoints.Table.All.Select(Show).Append(ShowHost()).OrderBy(endpoint => endpoint.Id)];

    public EndpointResource Show(Endpoint endpoint)
    {
        EndpointRecord record = endpoint.Record;
        string[] labels = Labels(record);
        EndpointConfigurationSpec spec = new() { LabelConfiguration = new LabelConfigurationSpec(), Options = Options(endpoint.Id) };
        return new EndpointResource
        {
            Id = endpoint.Id.Value,
            Spec = spec,
            Status = new EndpointStatus
            {
                Controllers = [],
                ExternalIdentifiers = Identifiers(record),
                Health = Health(endpoint.State),
                Identity = new IdentityResource { Id = record.Identity.Value, Labels = labels },
                Labels = ShowLabels(endpoint).Status,
                Log = Log(endpoint),
                Networking = Networking(record),
                Policy = Policy(record.Identity),
                Realized = spec,
                State = StateOf(endpoint.State),
            },
        };
    }

    /// <summary>The same, with its health as the kernel has it now.</summary>
    public EndpointResource ShowProbed(Endpoint endpoint)
    {
        EndpointResource shown = Show(endpoint);
        return shown with { Status = shown.Status! with { Health = Probe(endpoint) } };
    }

    /// <summary>The node itself is an endpoint without a device.</summary>
    public EndpointResource ShowHost()
    {
        IReadOnlyList<string> labels = LabelsOf(Identity.Host);
        return new EndpointResource
        {
            Id = agent.Local.HostEndpoint.Value,
            Status = new EndpointStatus
            {
                ExternalIdentifiers = new EndpointIdentifiers(),
                Health = Health(EndpointStateName.Ready),
                Identity = new IdentityResource { Id = Identity.Host.Value, Labels = labels },
                Labels = new LabelConfigurationStatus { SecurityRelevant = labels },
                Networking = new EndpointNetworking { Addressing = [] },
                Policy = Policy(Identity.Host),
                State = EndpointState.Ready,
            },
        };
    }

    public static LabelConfiguration ShowLabels(Endpoint endpoint)
    {
        string[] labels = Labels(endpoint.Record);
        LabelConfigurationSpec user = new() { User = labels };
        return new LabelConfiguration
        {
            Spec = user,
            Status = new LabelConfigurationStatus { Realized = user, SecurityRelevant = labels },
        };
    }

    public static IReadOnlyList<EndpointStatusChange> Log(Endpoint endpoint) =>
    [
        .. endpoint.Log.Select(entry => new EndpointStatusChange
        {
            Code = entry.Failed ? "Failed" : "OK",
            Message = entry.Message,
            State = StateOf(entry.State),
            Timestamp = entry.Time,
        }),
    ];

    public static EndpointHealth Health(EndpointStateName state)
    {
        string health = state switch
        {
            EndpointStateName.Ready => HealthState.Ok,
            EndpointStateName.NotReady => HealthState.Failure,
            EndpointStateName.Disconnecting => HealthState.Disabled,
            _ => HealthState.Bootstrap,
        };
        return new EndpointHealth
        {
            Bpf = health,
            Policy = HealthState.Disabled,
            Connected = state == EndpointStateName.Ready,
            OverallHealth = health,
        };
    }

    /// <summary>What the kernel says, not what the agent believes.</summary>
    public EndpointHealth Probe(Endpoint endpoint)
    {
        EndpointRecord record = endpoint.Record;
        bool connected = agent.Kernel.Pods.Find(record.HostInterface) is { } index && index.Value == record.HostIfindex;
        bool attached = connected
            && agent.Kernel.Attachments.IsPodAttached(record.HostInterface, new IfIndex(record.HostIfindex));
        bool known = agent.Kernel.Datapath.Maps.Devices.TryLookup((uint)record.HostIfindex, out EndpointValue value)
            && value.Id == record.Id.Value;
        string bpf = attached && known ? HealthState.Ok : HealthState.Failure;
        return new EndpointHealth
        {
            Bpf = bpf,
            Policy = HealthState.Disabled,
            Connected = connected,
            OverallHealth = connected && endpoint.State == EndpointStateName.Ready ? bpf : HealthState.Failure,
        };
    }

    public IReadOnlyDictionary<string, string> Options(EndpointId id) =>
        DatapathOptions.Describe(agent.EventPolicy.Baseline | agent.EventPolicy.OfEndpoint(id));

    private IReadOnlyList<string> LabelsOf(Identity identity) =>
        [.. agent.Identities.Cache.Find(identity)?.Labels.Select(label => label.ToString()) ?? []];

    private static string[] Labels(EndpointRecord record) =>
        record.Labels.Count > 0 ? [.. record.Labels.Select(label => label.ToString())] : ["reserved:init"];

    // The health endpoint is the agent's own: no runtime and no plugin knows a container of that name.
    private static EndpointIdentifiers Identifiers(EndpointRecord record) => record.Identity == Identity.Health ? new() : new()
    {
        CniAttachmentId = $"{record.ContainerId}:{record.ContainerInterface}",
        CniNetwork = record.CniNetwork,
        ContainerId = record.ContainerId,
        K8sNamespace = record.KubernetesNamespace,
        K8sPodName = record.KubernetesPod,
        K8sUid = record.KubernetesUid,
        PodName = record.KubernetesPod is null ? null : record.DisplayName,
    };

    private EndpointNetworking Networking(EndpointRecord record) => new()
    {
        Addressing = [new AddressPair { Ipv4 = record.IPv4?.ToString(), Ipv6 = record.IPv6?.ToString() }],
        ContainerInterfaceName = record.ContainerInterface,
        DeviceMtu = agent.Local.Mtu.Device,
        HostAddressing = cluster.LocalAddressing(),
        HostMac = record.HostMac.ToString(),
        InterfaceIndex = record.HostIfindex,
        InterfaceName = record.HostInterface,
        Mac = record.Mac.ToString(),
        RouteMtu = agent.Local.Mtu.Route,
    };

    // No policy is enforced yet: every identity may talk to the endpoint, and it to everyone.
    private static EndpointPolicyStatus Policy(Identity identity)
    {
        EndpointPolicy everything = new()
        {
            AllowedEgressIdentities = [0],
            AllowedIngressIdentities = [0],
            Id = identity.Value,
            L4 = new L4Policy { Egress = [], Ingress = [] },
            PolicyEnabled = "none",
        };
        return new EndpointPolicyStatus { ProxyStatistics = [], Realized = everything, Spec = everything };
    }

    private static string StateOf(EndpointStateName state) => state switch
    {
        EndpointStateName.Creating => EndpointState.Creating,
        EndpointStateName.Restoring => EndpointState.Restoring,
        EndpointStateName.Ready => EndpointState.Ready,
        EndpointStateName.NotReady => EndpointState.NotReady,
        EndpointStateName.Disconnecting => EndpointState.Disconnecting,
        _ => EndpointState.Invalid,
    };
}
