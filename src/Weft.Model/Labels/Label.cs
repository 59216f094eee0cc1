using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Labels;

/// <summary>One `source:key=value`. An empty value is the same as none and is written without the `=`.</summary>
/// <remarks>Labels come from pods and people: every part is bounded and free of control characters and of `;`, which ends a label
/// in <see cref="LabelSet.Canonical"/>.</remarks>
[JsonConverter(typeof(LabelJsonConverter))]
public sealed record Label : IComparable<Label>
{
    public const string ReservedSource = "reserved";
    public const string KubernetesSource = "k8s";
    public const string UnspecifiedSource = "unspec";
    public const int MaxSourceLength = 63;
    /// <summary>A Kubernetes key: 253 characters of prefix, a slash, 63 of name.</summary>
    public const int MaxKeyLength = 317;
    public const int MaxValueLength = 255;

    private static readonly SearchValues<char> s_sourceChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");
    private static readonly SearchValues<char> s_keyChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/");

    private Label(string source, string key, string value)
    {
        Source = source;
        Key = key;
        Value = value;
    }

    public string Source { get; }

    public string Key { get; }

    public string Value { get; }

    public static Label Reserved(string name) => new(ReservedSource, name, "");

    public static Label Create(string source, string key, string value = "") =>
        Check(source, key, value) is { } error ? throw new FormatException(error) : new Label(source, key, value);

    /// <summary>Parses `source:key[=value]`; without a source the label gets `unspec`.</summary>
    public static Label Parse(string text) => TryParse(text, out Label? label, out string? error) ? label : throw new FormatException(error);

    public static bool TryParse(string? text, [NotNullWhen(true)] out Label? label, [NotNullWhen(false)] out string? error)
    {
        label = null;
        text ??= "";
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string left = equals < 0 ? text : text[..equals];
        string value = equals < 0 ? "" : text[(equals + 1)..];
        int colon = left.IndexOf(':', StringComparison.Ordinal);
        string source = colon < 0 ? UnspecifiedSource : left[..colon];
        error = Check(source, left[(colon + 1)..], value);
        if (error is not null)
        {
            return false;
        }
        label = new Label(source, left[(colon + 1)..], value);
        return true;
    }

    public int CompareTo(Label? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public static bool operator <(Label left, Label right) => left.CompareTo(right) < 0;
    public static bool operator >(Label left, Label right) => left.CompareTo(right) > 0;
    public static bool operator <=(Label left, Label right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Label left, Label right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.Length == 0 ? $"{Source}:{Key}" : $"{Source}:{Key}={Value}";

    private static string? Check(string source, string key, string value)
    {
        string? problem = (source, key, value) switch
        {
            ({ Length: 0 }, _, _) => "the source before ':' is empty",
            ({ Length: > MaxSourceLength }, _, _) => $"the source is longer than {MaxSourceLength} characters",
            (_, { Length: 0 }, _) => "the key is empty",
            (_, { Length: > MaxKeyLength }, _) => $"the key is longer than {MaxKeyLength} characters",
            (_, _, { Length: > MaxValueLength }) => $"the value is longer than {MaxValueLength} characters",
            _ when source.AsSpan().ContainsAnyExcept(s_sourceChars) => "the source may hold a-z, 0-9, '-' and '.' only",
            _ when key.AsSpan().ContainsAnyExcept(s_keyChars) => "the key may hold letters, digits, '-', '_', '.' and '/' only",
            _ when !IsPlainText(value) => "the value may hold printable ASCII characters but ';' only",
            _ => null,
        };
        return problem is null ? null : $"label '{Printable.Excerpt($"{source}:{key}{(value.Length == 0 ? "" : "=")}{value}")}': {problem}";
    }

    private static bool IsPlainText(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange(' ', '~') && !value.Contains(';');
}
