using System.Collections.Immutable;
using System.Text.Json;

namespace Weft.Events;

/// <summary>What a stream of hops says of its node: payload of frames of kind tracing.</summary>
public sealed record TracingNames
{
    /// <summary>Of the running kernel: equal for two nodes whose clocks are the same clock.</summary>
    public string BootId { get; init; } = "";

    /// <summary>Names the stream where it is ended (<c>DELETE /v1/trace/hops/ID</c>).</summary>
    public string Id { get; init; } = "";

    /// <summary>To add to times of the stream, for nanoseconds since 1970; 0: not told.</summary>
    public long ClockOffset { get; init; }

    /// <summary>Of the network namespaces by their inode in decimal: a pod's name, or nothing for the node's own.</summary>
    public ImmutableSortedDictionary<string, string> Namespaces { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Pods' names by the number of their endpoint in decimal.</summary>
    public ImmutableSortedDictionary<string, string> Endpoints { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the kernel calls its reasons to drop a packet, by their number in decimal.</summary>
    public ImmutableSortedDictionary<string, string> DropReasons { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MonitorJson.Default.TracingNames);

    /// <summary>Null where the bytes are not such a document.</summary>
    public static TracingNames? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            TracingNames? names = JsonSerializer.Deserialize(json, MonitorJson.Default.TracingNames);
            return names is null ? null : names with
            {
                BootId = names.BootId ?? "",
                Id = names.Id ?? "",
                Namespaces = names.Namespaces ?? ImmutableSortedDictionary<string, string>.Empty,
                Endpoints = names.Endpoints ?? ImmutableSortedDictionary<string, string>.Empty,
                DropReasons = names.DropReasons ?? ImmutableSortedDictionary<string, string>.Empty,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
