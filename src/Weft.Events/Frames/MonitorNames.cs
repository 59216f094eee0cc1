using System.Collections.Immutable;
using System.Text.Json;

namespace Weft.Events;

/// <summary>What a monitor stream says of its node, first and whenever it changes: payload of frames of kind names.</summary>
public sealed record MonitorNames
{
    /// <summary>CPUs whose events arrive.</summary>
    public int Cpus { get; init; }

    /// <summary>Size of the ring buffer between the kernel and the agent.</summary>
    public long RingBytes { get; init; }

    /// <summary>Name of the node.</summary>
    public string? Node { get; init; }

    /// <summary>UDP destination port of the overlay.</summary>
    public ushort? TunnelPort { get; init; }

    /// <summary>Of the node's kernel: equal for two nodes whose event times are of one clock.</summary>
    public string? BootId { get; init; }

    /// <summary>Interface names of the node's namespace by their index in decimal.</summary>
    public ImmutableSortedDictionary<string, string> Interfaces { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MonitorJson.Default.MonitorNames);

    /// <summary>Null where the bytes are not such a document.</summary>
    public static MonitorNames? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            // Generated readers set init-only properties that the document lacks to null, whatever their default.
            MonitorNames? names = JsonSerializer.Deserialize(json, MonitorJson.Default.MonitorNames);
            return names is null ? null : names with { Interfaces = names.Interfaces ?? ImmutableSortedDictionary<string, string>.Empty };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
