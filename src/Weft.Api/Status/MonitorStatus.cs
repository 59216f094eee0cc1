using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>The event ring of the datapath.</summary>
public sealed record MonitorStatus
{
    [JsonPropertyName("cpus")]
    public long Cpus { get; init; }

    /// <summary>Events that the datapath could not write because the ring was full.</summary>
    [JsonPropertyName("lost")]
    public long Lost { get; init; }

    /// <summary><c>npages</c> × <c>pagesize</c> is the ring's size in bytes.</summary>
    [JsonPropertyName("npages")]
    public long Pages { get; init; }

    [JsonPropertyName("pagesize")]
    public long PageSize { get; init; }

    /// <summary>Records that the agent could not decode.</summary>
    [JsonPropertyName("unknown")]
    public long Unknown { get; init; }
}
