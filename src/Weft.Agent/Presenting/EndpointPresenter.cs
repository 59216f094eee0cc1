using System.Collections.Frozen;
using Weft.Abi;
using Weft.Agent.Policies;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Api.Ipam;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Control.Policy;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Agent.Presenting;

/// <summary>Endpoints as the API shows them.</summary>
internal sealed class EndpointPresenter(NodeAgent agent, ClusterPresenter cluster)
{
    /// <summary>All, the node's own included, by id.</summary>
    public async Task<IReadOnlyList<EndpointResource>> ListAsync(CancellationToken cancellationToken)
    {
        FrozenDictionary<EndpointId, EndpointTables> policies = await agent.Policy.TablesAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. agent.Endpoints.Table.All.Select(endpoint => Show(endpoint, TablesOf(policies, endpoint.Id))).Append(ShowHost(policies))
                .OrderBy(endpoint => endpoint.Id),
        ];
    }

    public async Task<EndpointResource> ShowAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        Show(endpoint, TablesOf(await agent.Policy.TablesAsync(cancellationToken).ConfigureAwait(false), endpoint.Id));

    /// <summary>The same, with its health as the kernel has it now.</summary>
    public async Task<EndpointResource> ShowProbedAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        EndpointTables tables = TablesOf(await agent.Policy.TablesAsync(cancellationToken).ConfigureAwait(false), endpoint.Id);
        EndpointResource shown = Show(endpoint, tables);
        return shown with { Status = shown.Status! with { Health = Probe(endpoint, tables) } };
    }

    public async Task<EndpointHealth> ProbeAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        Probe(endpoint, TablesOf(await agent.Policy.TablesAsync(cancellationToken).ConfigureAwait(false), endpoint.Id));

    public async Task<EndpointResource> ShowHostAsync(CancellationToken cancellationToken) =>
        ShowHost(await agent.Policy.TablesAsync(cancellationToken).ConfigureAwait(false));

    private static EndpointTables TablesOf(FrozenDictionary<EndpointId, EndpointTables> policies, EndpointId endpoint) =>
        policies.GetValueOrDefault(endpoint, EndpointTables.None);

    private EndpointResource Show(Endpoint endpoint, EndpointTables tables)
    {
        EndpointRecord record = endpoint.Record;
        string[] labels = Labels(record);
        EndpointConfigurationSpec spec = new() { LabelConfiguration = new LabelConfigurationSpec(), Options = Options(endpoint) };
        return new EndpointResource
        {
            Id = endpoint.Id.Value,
            Spec = spec,
            Status = new EndpointStatus
            {
                Controllers = [],
                ExternalIdentifiers = Identifiers(record),
                Health = Health(endpoint.State, tables),
                Identity = new IdentityResource { Id = record.Identity.Value, Labels = labels },
                Labels = ShowLabels(endpoint).Status,
                Log = Log(endpoint),
                NamedPorts = Ports(record),
                Networking = Networking(record),
                Policy = EndpointPolicyPresenter.Show(record.Identity, tables, agent.Policy.Revision),
                Realized = spec,
                State = StateOf(endpoint.State),
            },
        };
    }

    /// <summary>The node itself is an endpoint without a device.</summary>
    private EndpointResource ShowHost(FrozenDictionary<EndpointId, EndpointTables> policies)
    {
        EndpointTables tables = TablesOf(policies, agent.Local.HostEndpoint);
        IReadOnlyList<string> labels = LabelsOf(Identity.Host);
        return new EndpointResource
        {
            Id = agent.Local.HostEndpoint.Value,
            Status = new EndpointStatus
            {
                ExternalIdentifiers = new EndpointIdentifiers(),
                Health = Health(EndpointStateName.Ready, tables),
                Identity = new IdentityResource { Id = Identity.Host.Value, Labels = labels },
                Labels = new LabelConfigurationStatus { SecurityRelevant = labels },
                Networking = new EndpointNetworking { Addressing = [] },
                Policy = EndpointPolicyPresenter.Show(Identity.Host, tables, agent.Policy.Revision),
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

    private static EndpointHealth Health(EndpointStateName state, EndpointTables tables)
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
            Policy = tables.Wanted != tables.Realized ? HealthState.Pending : tables.IsEnforced ? health : HealthState.Disabled,
            Connected = state == EndpointStateName.Ready,
            OverallHealth = health,
        };
    }

    /// <summary>What the kernel says, not what the agent believes.</summary>
    private EndpointHealth Probe(Endpoint endpoint, EndpointTables tables)
    {
        EndpointRecord record = endpoint.Record;
        bool connected = agent.Kernel.Pods.Find(record.HostInterface) is { } index && index.Value == record.HostIfindex;
        bool attached = connected
            && agent.Kernel.Attachments.IsPodAttached(record.HostInterface, new IfIndex(record.HostIfindex));
        bool known = agent.Kernel.Datapath.Maps.Devices.TryLookup((uint)record.HostIfindex, out EndpointValue value)
            && value.Id == record.Id.Value;
        string bpf = attached && known ? HealthState.Ok : HealthState.Failure;
        bool isAsked = known && value.Flags.HasFlag(EndpointFlags.Policy);
        bool hasTable = agent.Kernel.Datapath.Maps.Policies.As<uint, uint>().TryLookup(record.Id.Value, out _);
        string policy = tables.Wanted != tables.Realized ? HealthState.Pending
            : isAsked != tables.IsEnforced || hasTable != tables.IsEnforced ? HealthState.Failure
            : tables.IsEnforced ? HealthState.Ok : HealthState.Disabled;
        return new EndpointHealth
        {
            Bpf = bpf,
            Policy = policy,
            Connected = connected,
            OverallHealth = connected && endpoint.State == EndpointStateName.Ready && policy != HealthState.Failure ? bpf : HealthState.Failure,
        };
    }

    public IReadOnlyDictionary<string, string> Options(Endpoint endpoint) => DatapathOptions.Describe(
        agent.EventPolicy.Baseline | agent.EventPolicy.OfEndpoint(endpoint.Id), agent.Policy.Settings.IsAudited || endpoint.Record.IsPolicyAudited);

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

    private static NamedPort[] Ports(EndpointRecord record) =>
    [
        .. (record.Ports?.All ?? []).Select(port => new NamedPort { Name = port.Name, Port = port.Port, Protocol = NamedPorts.ProtocolName(port.Protocol) }),
    ];

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
