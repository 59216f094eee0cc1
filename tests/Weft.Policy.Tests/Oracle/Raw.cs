using System.Net;

namespace Weft.Policy.Tests.Oracle;

/// <summary>Somebody who sends or receives: a pod, something with a reserved label, or an address outside.</summary>
internal sealed record RawPeer
{
    /// <summary>0: an address, whose identity the engine finds.</summary>
    public uint Id { get; init; }

    public string? Namespace { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];

    public string[] Reserved { get; init; } = [];

    public IPAddress? Address { get; init; }

    public List<(string Name, byte Protocol, ushort Port)> Ports { get; init; } = [];

    public bool IsPod => Namespace is not null;

    public override string ToString() => Address is not null ? $"{Address}" : IsPod
        ? $"{Id}({Namespace}/{string.Join(',', Labels.Select(l => $"{l.Key}={l.Value}"))})" : string.Join('+', Reserved);
}

/// <summary>Conditions as they are written: key, operator, values; operator "=" is a matchLabel.</summary>
internal sealed record RawSelector(List<(string Key, string Operator, string[] Values)> Conditions);

internal sealed record RawPort(string? Protocol, string? Port, int? EndPort);

internal sealed record RawBlock(string Cidr, string[] Except);

internal sealed record RawKubernetesPeer(RawSelector? Pods, RawSelector? Namespaces, RawBlock? Block);

internal sealed record RawKubernetesRule(List<RawKubernetesPeer>? Peers, List<RawPort>? Ports);

internal sealed record RawCiliumRule
{
    public List<RawSelector>? Endpoints { get; init; }

    public List<string>? Cidrs { get; init; }

    public List<RawBlock>? CidrSets { get; init; }

    public List<string>? Entities { get; init; }

    /// <summary>Names of services in namespace a.</summary>
    public List<string>? Services { get; init; }

    public List<RawPort>? Ports { get; init; }

    public List<(string Family, byte Type)>? Icmps { get; init; }
}

internal sealed record RawCiliumSpec
{
    public required RawSelector Endpoints { get; init; }

    public List<RawCiliumRule>? Ingress { get; init; }

    public List<RawCiliumRule>? IngressDeny { get; init; }

    public List<RawCiliumRule>? Egress { get; init; }

    public List<RawCiliumRule>? EgressDeny { get; init; }

    public bool? DefaultDenyIngress { get; init; }

    public bool? DefaultDenyEgress { get; init; }
}

/// <summary>A policy as its author thinks of it; null lists are fields that are not written.</summary>
internal sealed record RawPolicy
{
    /// <summary>Null: clusterwide.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Of a NetworkPolicy, else null.</summary>
    public RawSelector? PodSelector { get; init; }

    public string[]? PolicyTypes { get; init; }

    public List<RawKubernetesRule>? Ingress { get; init; }

    public List<RawKubernetesRule>? Egress { get; init; }

    /// <summary>Of a Cilium policy; more than one: `specs`.</summary>
    public List<RawCiliumSpec> Specs { get; init; } = [];
}

/// <summary>A service: the pods with some labels in its namespace, or addresses.</summary>
internal sealed record RawTargets(string Namespace, string Name, Dictionary<string, string> PodLabels, string[] Addresses);

internal readonly record struct RawFlow(RawPeer Source, RawPeer Destination, byte Protocol, ushort Port)
{
    public override string ToString() => $"{Source} -> {Destination} {Port}/{Protocol}";
}
