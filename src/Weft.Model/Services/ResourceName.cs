using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Weft.Model.Json;
using Weft.Model.Labels;

namespace Weft.Model.Services;

/// <summary>Namespace and name of something that Kubernetes keeps by namespace; both are safe in a store key.</summary>
/// <remarks>Ordered by text: the order in which people see services, and that decides where nothing else does.</remarks>
[JsonConverter(typeof(ResourceNameJsonConverter))]
public sealed record ResourceName : IComparable<ResourceName>
{
    public const int MaxNamespaceLength = 63;
    public const int MaxNameLength = 253;

    private static readonly SearchValues<char> s_chars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private ResourceName(string @namespace, string name)
    {
        Namespace = @namespace;
        Name = name;
    }

    public string Namespace { get; }

    public string Name { get; }

    public static ResourceName Parse(string text) =>
        TryParse(text, out ResourceName? name, out string? error) ? name : throw new FormatException(error);

    /// <summary>Reads `namespace/name`.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResourceName? name, [NotNullWhen(false)] out string? error)
    {
        text ??= "";
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            name = null;
            error = $"'{Printable.Excerpt(text)}' is not namespace/name";
            return false;
        }
        return TryCreate(text[..slash], text[(slash + 1)..], out name, out error);
    }

    public static bool TryCreate(
        string @namespace, string name, [NotNullWhen(true)] out ResourceName? resource, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        ArgumentNullException.ThrowIfNull(name);
        error = @namespace.Length > MaxNamespaceLength || @namespace.Contains('.', StringComparison.Ordinal) || !IsDnsName(@namespace)
            ? $"'{Printable.Excerpt(@namespace)}' is not a namespace: give at most {MaxNamespaceLength} lower-case letters, digits and inner '-'"
            : name.Length > MaxNameLength || !IsDnsName(name)
                ? $"'{Printable.Excerpt(name)}' is not a name: give lower-case letters, digits, '-' and '.', as in a DNS name"
                : null;
        resource = error is null ? new ResourceName(@namespace, name) : null;
        return resource is not null;
    }

    public int CompareTo(ResourceName? other)
    {
        int order = string.CompareOrdinal(Namespace, other?.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other?.Name);
    }

    public static bool operator <(ResourceName left, ResourceName right) => left.CompareTo(right) < 0;
    public static bool operator >(ResourceName left, ResourceName right) => left.CompareTo(right) > 0;
    public static bool operator <=(ResourceName left, ResourceName right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ResourceName left, ResourceName right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Namespace}/{Name}";

    private static bool IsDnsName(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(s_chars)
        && text.Split('.').All(part => part.Length > 0 && part[0] != '-' && part[^1] != '-');
}
