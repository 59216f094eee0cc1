using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Endpoints;

/// <summary>Ports of a pod that policies may call by name, as `http=80/TCP,dns=53/UDP`.</summary>
[JsonConverter(typeof(NamedPortsJsonConverter))]
public sealed class NamedPorts : IEquatable<NamedPorts>
{
    /// <summary>As many as Kubernetes' own limit on a pod's size leaves room for, and many more than anybody names.</summary>
    private const int Most = 256;

    /// <summary>Of IANA service names (RFC 6335 section 5.1), as Kubernetes has them.</summary>
    private const int LongestName = 15;

    private NamedPorts(ImmutableArray<(string Name, byte Protocol, ushort Port)> all)
    {
        All = all;
    }

    public static NamedPorts None { get; } = new([]);

    /// <summary>By name and protocol; no two have both in common. Ports are in host byte order.</summary>
    public ImmutableArray<(string Name, byte Protocol, ushort Port)> All { get; }

    /// <param name="text">Entries NAME=PORT[/PROTOCOL] separated by commas; without a protocol it is TCP.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NamedPorts? ports, [NotNullWhen(false)] out string? problem)
    {
        ports = null;
        SortedDictionary<(string, byte), ushort> all = [];
        foreach (string entry in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = entry.Split('=', 2);
            string[] numbers = sides[^1].Split('/', 2);
            problem = sides.Length < 2 || !IsName(sides[0]) ? "it has no name (up to 15 of a-z, 0-9 and '-', one letter among them)"
                : !ushort.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0 ? "its port is no number from 1 to 65535"
                : ProtocolOf(numbers.Length > 1 ? numbers[1] : "TCP") is not { } protocol ? "its protocol is none of TCP, UDP, SCTP"
                : all.TryAdd((sides[0], protocol), port) ? null : "it is there twice";
            if (problem is not null)
            {
                problem = $"named port '{(entry.Length > 80 ? entry[..80] : entry)}': {problem} (write it as in http=80/TCP)";
                return false;
            }
        }

        if (all.Count > Most)
        {
            problem = $"{all.Count} named ports: at most {Most} are possible";
            return false;
        }

        problem = null;
        ports = all.Count == 0 ? None : new NamedPorts([.. all.Select(port => (port.Key.Item1, port.Key.Item2, port.Value))]);
        return true;
    }

    public bool Equals(NamedPorts? other) => other is not null && All.SequenceEqual(other.All);

    public override bool Equals(object? obj) => Equals(obj as NamedPorts);

    public override int GetHashCode() => All.Aggregate(0, HashCode.Combine);

    public override string ToString() =>
        string.Join(',', All.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Name}={port.Port}/{ProtocolName(port.Protocol)}")));

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && text.Any(char.IsAsciiLetter)
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-' && text[^1] != '-';

    private static byte? ProtocolOf(string name) => name switch
    {
        "TCP" => 6,
        "UDP" => 17,
        "SCTP" => 132,
        _ => null,
    };

    /// <summary>As Kubernetes writes it.</summary>
    public static string ProtocolName(byte protocol) => protocol switch
    {
        6 => "TCP",
        17 => "UDP",
        _ => "SCTP",
    };
}
