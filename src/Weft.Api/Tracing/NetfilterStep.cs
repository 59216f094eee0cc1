using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>One step of a packet through the node's nftables, those of iptables-nft included.</summary>
public sealed record NetfilterStep
{
    public const string Begin = "begin";
    public const string Rule = "rule";
    public const string Return = "return";
    public const string Policy = "policy";

    /// <summary>When the agent read it, which is shortly after.</summary>
    [JsonPropertyName("time")]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The same in nanoseconds of CLOCK_MONOTONIC, which the datapath's events have too.</summary>
    [JsonPropertyName("monotonic")]
    public ulong Monotonic { get; init; }

    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>From 1, of this trace; a packet that comes in again, from a tunnel or the loopback, is another one.</summary>
    [JsonPropertyName("packet")]
    public required long Packet { get; init; }

    /// <summary>The kernel's, as <c>nft monitor trace</c> shows it; not unique over time.</summary>
    [JsonPropertyName("trace-id")]
    public required uint TraceId { get; init; }

    /// <summary><c>ip</c>, <c>ip6</c>, <c>inet</c>, <c>bridge</c>, <c>netdev</c>.</summary>
    [JsonPropertyName("family")]
    public required string Family { get; init; }

    [JsonPropertyName("table")]
    public required string Table { get; init; }

    [JsonPropertyName("chain")]
    public required string Chain { get; init; }

    /// <summary>Of a base chain: <c>prerouting</c>, <c>input</c>, <c>forward</c>, <c>output</c>, <c>postrouting</c>, …</summary>
    [JsonPropertyName("hook")]
    public string? Hook { get; init; }

    /// <summary>Of a base chain: where it stands among those of its hook.</summary>
    [JsonPropertyName("priority")]
    public int? Priority { get; init; }

    /// <summary>
    /// <c>begin</c> (the packet comes to netfilter, at the hook; table and chain are the trace's own), <c>rule</c>, <c>return</c> (the end of a chain
    /// that was jumped to) or <c>policy</c> (the end of a base chain).
    /// </summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>Of a rule, as <c>nft -a list ruleset</c> shows it.</summary>
    [JsonPropertyName("handle")]
    public ulong? Handle { get; init; }

    /// <summary>Text of the rule in nft's language; absent if the rule was gone before it could be read.</summary>
    [JsonPropertyName("rule")]
    public string? RuleText { get; init; }

    /// <summary><c>accept</c>, <c>drop</c>, <c>continue</c>, <c>jump CHAIN</c>, …</summary>
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    /// <summary>The packet's, before this step.</summary>
    [JsonPropertyName("mark")]
    public uint? Mark { get; init; }

    /// <summary>Present where a packet begins, and in its first step in each base chain: the packet as it was then.</summary>
    [JsonPropertyName("headers")]
    public NetfilterPacket? Headers { get; init; }
}
