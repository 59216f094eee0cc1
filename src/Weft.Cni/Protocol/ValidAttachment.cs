using System.Text.Json.Serialization;

namespace Weft.Cni.Protocol;

/// <summary>An attachment that GC must keep.</summary>
internal sealed record ValidAttachment
{
    [JsonPropertyName("containerID")]
    public required string ContainerId { get; init; }

    [JsonPropertyName("ifname")]
    public required string Interface { get; init; }
}
