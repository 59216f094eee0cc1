using System.Text.Json.Serialization;

namespace Weft.Control.State;

/// <summary>How far an endpoint's life had come when its record was last written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointPhase>))]
public enum EndpointPhase
{
    /// <summary>Some of its effects may exist; nobody was told that it does.</summary>
    [JsonStringEnumMemberName("creating")]
    Creating,

    /// <summary>All of its effects exist.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>Some of its effects may be gone.</summary>
    [JsonStringEnumMemberName("deleting")]
    Deleting,
}
