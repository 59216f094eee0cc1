using System.Text.Json.Serialization;

namespace Weft.Lab.State;

/// <summary>How far a lab has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabPhase>))]
public enum LabPhase
{
    /// <summary>Being built or taken down. Found without anybody at work, it is what a crash left: to be removed.</summary>
    [JsonStringEnumMemberName("unfinished")]
    Unfinished,

    [JsonStringEnumMemberName("up")]
    Up,
}
