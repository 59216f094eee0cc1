using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>One packet that the agent is to send, from a pod or from the node itself.</summary>
public sealed record ProbeRequest
{
    public const string Icmp = "icmp";
    public const string Tcp = "tcp";
    public const string Udp = "udp";

    /// <summary>Id of the endpoint that sends; absent: the node.</summary>
    [JsonPropertyName("endpoint")]
    public long? Endpoint { get; init; }

    /// <summary>icmp, tcp or udp.</summary>
    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    /// <summary>An address.</summary>
    [JsonPropertyName("destination")]
    public required string Destination { get; init; }

    /// <summary>Absent for ICMP.</summary>
    [JsonPropertyName("port")]
    public int? Port { get; init; }

    /// <summary>ICMP: the identifier.</summary>
    [JsonPropertyName("source-port")]
    public required int SourcePort { get; init; }

    /// <summary>Bytes behind the header of ICMP or UDP.</summary>
    [JsonPropertyName("size")]
    public int Size { get; init; } = 56;

    /// <summary>TTL or hop limit; 0: what the sender's kernel sets.</summary>
    [JsonPropertyName("ttl")]
    public int Ttl { get; init; }

    /// <summary>Not to be fragmented.</summary>
    [JsonPropertyName("dont-fragment")]
    public bool DontFragment { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    [JsonPropertyName("timeout-ms")]
    public int TimeoutMilliseconds { get; init; } = 1000;
}
