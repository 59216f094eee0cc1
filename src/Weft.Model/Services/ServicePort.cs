using System.Text.Json.Serialization;

namespace Weft.Model.Services;

/// <summary>One port that a service is reached at.</summary>
public sealed record ServicePort
{
    /// <summary>Empty where the service has one port only; a slice's port of the same name is where it leads.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>As written: a protocol that cannot be balanced is told when the service is resolved, and its other ports work.</summary>
    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    [JsonPropertyName("port")]
    public required ushort Port { get; init; }

    /// <summary>Number or name of the pods' port. Slices have it resolved; it counts for a slice's port without a number.</summary>
    [JsonPropertyName("targetPort")]
    public string? TargetPort { get; init; }

    [JsonPropertyName("nodePort")]
    public ushort? NodePort { get; init; }

    /// <summary>How messages name the port.</summary>
    [JsonIgnore]
    public string DisplayName => Name.Length > 0 ? $"port '{Name}'" : $"port {Port}";
}
