using System.Buffers;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads label selectors (`matchLabels`, `matchExpressions`) into conditions.</summary>
internal sealed class SelectorReader(PolicyText text)
{
    private const string AnySource = "any";
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    private static readonly SearchValues<char> s_nameChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    /// <summary>Of a Kubernetes selector: keys are labels of source k8s, after <paramref name="keyPrefix"/>.</summary>
    public List<LabelRequirement>? ReadKubernetes(FieldReader fields, string name, string keyPrefix = "") =>
        Read(fields, name, key => IsKey(key) ? ("k8s", keyPrefix + key) : null);

    /// <summary>Of a Cilium selector: keys may begin with the source of the label, `any:` or nothing meaning all sources.</summary>
    public List<LabelRequirement>? ReadCilium(FieldReader fields, string name) => Read(fields, name, SplitKey);

    /// <summary>Null where there is no selector.</summary>
    private List<LabelRequirement>? Read(FieldReader fields, string name, Func<string, (string? Source, string Key)?> keyOf)
    {
        if (text.Section(fields, name, FieldNames.Selector) is not { } selector)
        {
            return null;
        }

        List<LabelRequirement> requirements = [];
        if (selector.Value("matchLabels") is { IsNull: false } labels)
        {
            ReadLabels(labels, selector.PathOf("matchLabels"), keyOf, requirements);
        }

        foreach (FieldReader expression in text.Sections(selector, "matchExpressions", FieldNames.Expression) ?? [])
        {
            if (ReadExpression(expression, keyOf) is { } requirement)
            {
                requirements.Add(requirement);
            }
        }

        return requirements;
    }

    private void ReadLabels(YamlValue labels, string path, Func<string, (string? Source, string Key)?> keyOf, List<LabelRequirement> requirements)
    {
        _ = text.OpenLoosely(labels, path);
        foreach ((YamlText key, YamlValue value) in (labels as YamlMap)?.Entries ?? [])
        {
            if (value is not YamlText single)
            {
                text.Report(value, $"{path}.{key.Text}", $"is {value.Kind}: write a single value");
            }
            else if (Key(key, $"{path}.{FieldReader.Shown(key.Text)}", key.Text, keyOf) is { } name)
            {
                string wanted = single.IsNull ? "" : single.Text;
                CheckValue(value, $"{path}.{key.Text}", wanted);
                requirements.Add(LabelRequirement.Equal(name.Source, name.Key, wanted));
            }
        }
    }

    private LabelRequirement? ReadExpression(FieldReader expression, Func<string, (string? Source, string Key)?> keyOf)
    {
        string? written = expression.Text("key");
        SelectorOperator? @operator = expression.Choice(
            "operator", ("In", SelectorOperator.In), ("NotIn", SelectorOperator.NotIn), ("Exists", SelectorOperator.Exists),
            ("DoesNotExist", SelectorOperator.DoesNotExist));
        if (expression.Value("operator") is null or { IsNull: true })
        {
            text.Report(expression.Line, $"'{expression.PathOf("operator")}' is missing (one of In, NotIn, Exists, DoesNotExist)");
        }

        List<string> values = [];
        foreach ((YamlValue value, string path) in PolicyText.Items(expression, "values") ?? [])
        {
            if (value is YamlText single)
            {
                CheckValue(value, path, single.Text);
                values.Add(single.Text);
            }
            else
            {
                text.Report(value, path, $"is {value.Kind}: write a single value");
            }
        }

        bool wantsValues = @operator is SelectorOperator.In or SelectorOperator.NotIn;
        if (@operator is not null && wantsValues != values.Count > 0)
        {
            text.Report(
                expression.LineOf("values"), $"'{expression.PathOf("values")}' must be {(wantsValues ? "given" : "left out")} with operator {@operator}");
        }

        return written is not null && @operator is { } known && expression.Value("key") is { } keyValue
            && Key(keyValue, expression.PathOf("key"), written, keyOf) is { } name
            ? new LabelRequirement(name.Source, name.Key, known, [.. values.Distinct().Order(StringComparer.Ordinal)])
            : null;
    }

    private (string? Source, string Key)? Key(YamlValue at, string path, string written, Func<string, (string? Source, string Key)?> keyOf)
    {
        if (keyOf(written) is { } key)
        {
            return key;
        }

        text.Report(at, path, $"is no label key: '{FieldReader.Shown(written)}' (letters, digits, '-', '_', '.', and a DNS name and '/' before them)");
        return null;
    }

    private void CheckValue(YamlValue at, string path, string value)
    {
        if (!IsValue(value))
        {
            text.Report(at, path, $"is '{FieldReader.Shown(value)}', no label value (at most {LongestName} letters, digits, '-', '_' and '.')");
        }
    }

    private static (string? Source, string Key)? SplitKey(string written)
    {
        int colon = written.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return IsKey(written) ? (null, written) : null;
        }

        string source = written[..colon];
        string key = written[(colon + 1)..];
        bool fits = source.Length > 0 && source.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            && key.Length is > 0 and <= LongestName + LongestPrefix + 1 && key.All(c => s_nameChars.Contains(c) || c == '/');
        return !fits ? null : source == AnySource ? (null, key) : (source, key);
    }

    public static bool IsValue(string value) => value.Length <= LongestName && !value.AsSpan().ContainsAnyExcept(s_nameChars);

    /// <summary>A key as Kubernetes has them.</summary>
    public static bool IsKey(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        string name = key[(slash + 1)..];
        return slash != 0 && slash <= LongestPrefix && name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAnyExcept(s_nameChars)
            && (slash < 0 || !key.AsSpan(0, slash).ContainsAnyExcept(s_nameChars));
    }
}
