using System.Text.Json.Serialization;

namespace Weft.Control.State;

/// <summary>The first numbers of frontends and backends that nobody ever had: the document <c>service-ids.json</c>.</summary>
/// <remarks>Flows and affinities remember numbers for hours, also those of what is gone, so none is given a second time.</remarks>
public sealed record ServiceIdState
{
    public const string FileName = "service-ids.json";

    public static readonly ServiceIdState First = new() { Frontend = 1, Backend = 1 };

    [JsonPropertyName("frontend")]
    public required uint Frontend { get; init; }

    [JsonPropertyName("backend")]
    public required uint Backend { get; init; }
}
