using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>An interface that a plugin made.</summary>
internal sealed record ResultInterface
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("mac")]
    public string? Mac { get; init; }

    /// <summary>Since 1.1.0.</summary>
    [JsonPropertyName("mtu")]
    public long? Mtu { get; init; }

    /// <summary>Path of the network namespace; none: it is the node's.</summary>
    [JsonPropertyName("sandbox")]
    public string? Sandbox { get; init; }

    /// <summary>Since 1.1.0; never Weft's.</summary>
    [JsonPropertyName("socketPath")]
    public string? SocketPath { get; init; }

    /// <summary>Since 1.1.0; never Weft's.</summary>
    [JsonPropertyName("pciID")]
    public string? PciId { get; init; }
}
