using System.Text.Json.Serialization;
using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One translation of a source.</summary>
internal sealed record NatRow
{
    /// <summary>For sorting.</summary>
    [JsonIgnore]
    public NatKey Key { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Who really sends.</summary>
    public required string Source { get; init; }

    /// <summary>What stands for the source.</summary>
    public required string Translated { get; init; }

    public required string Remote { get; init; }

    /// <summary>Of a service's client: where the answer comes from in its eyes.</summary>
    public string? Frontend { get; init; }

    /// <summary><c>pod</c>, <c>host</c>, <c>client</c> or <c>hairpin</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>CLOCK_MONOTONIC, seconds.</summary>
    public required uint Created { get; init; }

    /// <summary>CLOCK_MONOTONIC, seconds.</summary>
    public required uint Expires { get; init; }

    /// <summary>0: none.</summary>
    public required uint ServiceId { get; init; }

    public static NatRow From(NatKey key, in NatValue value) => new()
    {
        Key = key,
        Protocol = SocketText.Protocol(key.Proto),
        Source = SocketText.Of(value.OrigAddr, value.OrigPort),
        Translated = SocketText.Of(key.Addr, key.Port),
        Remote = SocketText.Of(key.Remote, key.RemotePort),
        Frontend = value.FrontAddr.IsNone ? null : SocketText.Of(value.FrontAddr, value.FrontPort),
        Kind = value.Flags.ToString().ToLowerInvariant(),
        Created = value.Created,
        Expires = value.Expires,
        ServiceId = value.ServiceId,
    };

    /// <summary>The two lines that Cilium's <c>bpf nat list</c> has: its map has an entry a direction, Weft's one for both.</summary>
    public IEnumerable<string> ToText()
    {
        string tail = $"Created={Created}sec HostLocal={(Kind == "host" ? 1 : 0)}" + (Frontend is null ? "" : $" Frontend={Frontend} RevNAT={ServiceId}");
        yield return $"{Protocol} OUT {Source} -> {Remote} XLATE_SRC {Translated} {tail}";
        yield return $"{Protocol} IN {Remote} -> {Translated} XLATE_DST {Source} {tail}";
    }
}
