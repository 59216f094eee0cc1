using System.Text.Json.Serialization;

namespace Weft.Cni.Protocol;

/// <summary>The part of <c>args</c> that is not a plugin's own.</summary>
internal sealed record ConventionArguments
{
    [JsonPropertyName("cni")]
    public PodWishes? Cni { get; init; }
}
