using System.Text.Json.Serialization;

namespace Weft.Api.Cni;

/// <summary>Asks to remove the endpoints of a container runtime's network that the runtime knows no more. Not part of Cilium's API.</summary>
public sealed record CniCollectionRequest
{
    /// <summary>Endpoints of other networks, and those that no CNI plugin asked for, stay.</summary>
    [JsonPropertyName("cni-network")]
    public required string Network { get; init; }

    /// <summary>What stays, each <c>container-id:interface</c>.</summary>
    [JsonPropertyName("valid-attachments")]
    public required IReadOnlyList<string> ValidAttachments { get; init; }
}
