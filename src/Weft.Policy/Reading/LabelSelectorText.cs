using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Reading;

/// <summary>Label selectors on one line, as kubectl takes them: <c>app=web,tier in (a,b),env!=test,!canary</c>.</summary>
/// <remarks>A key may begin with the source of the label (<c>k8s:app</c>); without one, or with <c>any:</c>, it is of any source.</remarks>
public static class LabelSelectorText
{
    private const string AnySource = "any";

    public static bool TryParse(string text, [NotNullWhen(true)] out LabelSelector? selector, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<LabelRequirement> requirements = [];
        foreach (string part in Split(text))
        {
            if (Read(part.Trim()) is not { } requirement)
            {
                error = $"'{part.Trim()}' is none of KEY=VALUE, KEY!=VALUE, KEY in (A,B), KEY notin (A,B), KEY, !KEY";
                selector = null;
                return false;
            }

            requirements.Add(requirement);
        }

        error = null;
        selector = new LabelSelector(requirements);
        return true;
    }

    /// <summary>Whether labels meet all conditions.</summary>
    public static bool Matches(this LabelSelector selector, LabelSet labels) =>
        WorkloadLabels.Of(labels, ImmutableDictionary<string, PolicyNamespace>.Empty).Matches(selector);

    private static LabelRequirement? Read(string part)
    {
        if (part.StartsWith('!'))
        {
            return Named(part[1..], SelectorOperator.DoesNotExist, []);
        }

        if (part.EndsWith(')') && part.IndexOf('(', StringComparison.Ordinal) is > 0 and int open)
        {
            string[] words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = [.. part[(open + 1)..^1].Split(',').Select(value => value.Trim())];
            return words is [string key, "in"] ? Named(key, SelectorOperator.In, values)
                : words is [string other, "notin"] ? Named(other, SelectorOperator.NotIn, values)
                : null;
        }

        int equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return Named(part, SelectorOperator.Exists, []);
        }

        bool isNot = equals > 0 && part[equals - 1] == '!';
        string after = part[(equals + 1)..];
        return Named(part[..(isNot ? equals - 1 : equals)], isNot ? SelectorOperator.NotIn : SelectorOperator.In, [(after.StartsWith('=') ? after[1..] : after).Trim()]);
    }

    private static LabelRequirement? Named(string name, SelectorOperator @operator, string[] values)
    {
        string[] parts = name.Trim().Split(':', 2);
        (string? source, string key) = parts is [string given, string rest] ? (given == AnySource ? null : given, rest) : (null, parts[0]);
        return SelectorReader.IsKey(key) && Array.TrueForAll(values, SelectorReader.IsValue)
            ? new LabelRequirement(source, key, @operator, [.. values.Distinct().Order(StringComparer.Ordinal)])
            : null;
    }

    /// <summary>At commas that are in no parentheses.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        int begin = 0;
        int depth = 0;
        for (int index = 0; index < text.Length; index++)
        {
            depth += text[index] == '(' ? 1 : text[index] == ')' ? -1 : 0;
            if (text[index] == ',' && depth == 0)
            {
                parts.Add(text[begin..index]);
                begin = index + 1;
            }
        }

        parts.Add(text[begin..]);
        return parts;
    }
}
