using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Weft.Model.Json;
using Weft.Model.Labels;

namespace Weft.Model.Nodes;

/// <summary>Name of a node in its cluster: a DNS name as Kubernetes wants it (RFC 1123), so it is safe in a store key.</summary>
[JsonConverter(typeof(NodeNameJsonConverter))]
public sealed record NodeName
{
    public const int MaxLength = 253;

    private static readonly SearchValues<char> s_chars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private NodeName(string value) => Value = value;

    public string Value { get; }

    public static NodeName Parse(string text) =>
        TryParse(text, out NodeName? name, out string? error) ? name : throw new FormatException(error);

    public static bool TryParse(string? text, [NotNullWhen(true)] out NodeName? name, [NotNullWhen(false)] out string? error)
    {
        text ??= "";
        bool valid = text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(s_chars)
            && text.Split('.').All(part => part.Length is > 0 and <= 63 && part[0] != '-' && part[^1] != '-');
        name = valid ? new NodeName(text) : null;
        error = valid ? null : $"'{Printable.Excerpt(text)}' is not a node name: give lower-case letters, digits, '-' and '.', as in a DNS name";
        return name is not null;
    }

    public override string ToString() => Value;
}
