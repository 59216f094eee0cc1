using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Weft.Model.Json;
using Weft.Model.Labels;

namespace Weft.Model.Nodes;

/// <summary>Name of a cluster: at most 32 lower-case letters, digits and inner `-`, so it is safe in a store key.</summary>
[JsonConverter(typeof(ClusterNameJsonConverter))]
public sealed record ClusterName
{
    public const int MaxLength = 32;

    public static readonly ClusterName Default = new("default");

    private ClusterName(string value) => Value = value;

    public string Value { get; }

    public static ClusterName Parse(string text) =>
        TryParse(text, out ClusterName? name, out string? error) ? name : throw new FormatException(error);

    public static bool TryParse(string? text, [NotNullWhen(true)] out ClusterName? name, [NotNullWhen(false)] out string? error)
    {
        text ??= "";
        bool valid = text.Length is > 0 and <= MaxLength && text[0] != '-' && text[^1] != '-'
            && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
        name = valid ? new ClusterName(text) : null;
        error = valid
            ? null
            : $"'{Printable.Excerpt(text)}' is not a cluster name: give at most {MaxLength} lower-case letters, digits and '-'";
        return name is not null;
    }

    public override string ToString() => Value;
}
