using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>What is on standard output when a call failed.</summary>
internal sealed record ErrorResult(
    [property: JsonPropertyName("cniVersion")] string CniVersion,
    [property: JsonPropertyName("code")] int Code,
    [property: JsonPropertyName("msg")] string Message,
    [property: JsonPropertyName("details")] string? Details);
