using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>Answer to VERSION.</summary>
internal sealed record VersionResult(
    [property: JsonPropertyName("cniVersion")] string CniVersion,
    [property: JsonPropertyName("supportedVersions")] IReadOnlyList<string> SupportedVersions)
{
    /// <param name="asked">Given back as it came, known or not: a runtime asks in its own version.</param>
    public static VersionResult Answer(string? asked) => new(asked ?? Protocol.CniVersion.Newest, Protocol.CniVersion.Supported);
}
