using System.Text.Json.Serialization;
using Weft.Api.Identities;
using Weft.Api.Status;

namespace Weft.Api.Endpoints;

/// <summary>Everything that the agent knows of a live endpoint.</summary>
public sealed record EndpointStatus
{
    [JsonPropertyName("controllers")]
    public IReadOnlyList<ControllerStatus>? Controllers { get; init; }

    [JsonPropertyName("external-identifiers")]
    public EndpointIdentifiers? ExternalIdentifiers { get; init; }

    [JsonPropertyName("health")]
    public EndpointHealth? Health { get; init; }

    [JsonPropertyName("identity")]
    public IdentityResource? Identity { get; init; }

    [JsonPropertyName("labels")]
    public LabelConfigurationStatus? Labels { get; init; }

    /// <summary>Newest first.</summary>
    [JsonPropertyName("log")]
    public IReadOnlyList<EndpointStatusChange>? Log { get; init; }

    [JsonPropertyName("namedPorts")]
    public IReadOnlyList<NamedPort>? NamedPorts { get; init; }

    [JsonPropertyName("networking")]
    public EndpointNetworking? Networking { get; init; }

    [JsonPropertyName("policy")]
    public EndpointPolicyStatus? Policy { get; init; }

    [JsonPropertyName("realized")]
    public EndpointConfigurationSpec? Realized { get; init; }

    /// <summary>One of <see cref="EndpointState"/>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = EndpointState.Invalid;
}
