using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>An address that a plugin gave an interface.</summary>
internal sealed record ResultAddress
{
    /// <summary><c>4</c> or <c>6</c>; only before 1.0.0.</summary>
    [JsonPropertyName("version")]
    public string? Version { get; init; }

    /// <summary>Index into the interfaces of the result.</summary>
    [JsonPropertyName("interface")]
    public int? Interface { get; init; }

    [JsonPropertyName("address")]
    public string? Address { get; init; }

    [JsonPropertyName("gateway")]
    public string? Gateway { get; init; }
}
