using Weft.Cli.Hosting;

namespace Weft.Cli.Monitor;

/// <summary>
/// A selector as kubectl takes it: <c>app=web,tier in (a,b),env!=test,!canary</c>. A key may begin with the label's source (<c>k8s:app</c>).
/// </summary>
internal sealed class LabelSelectorText
{
    private readonly IReadOnlyList<Func<IReadOnlyList<Part>, bool>> _conditions;

    private LabelSelectorText(IReadOnlyList<Func<IReadOnlyList<Part>, bool>> conditions) => _conditions = conditions;

    private readonly record struct Part(string Source, string Key, string Value);

    /// <exception cref="UsageException">The text is no selector.</exception>
    public static LabelSelectorText Parse(string text)
    {
        List<Func<IReadOnlyList<Part>, bool>> conditions = [.. Split(text).Select(condition => ParseCondition(condition.Trim(), text))];
        return conditions.Count > 0 ? new LabelSelectorText(conditions) : throw Wrong(text, "it is empty");
    }

    /// <param name="labels"><c>source:key[=value]</c>.</param>
    public bool Selects(IEnumerable<string> labels)
    {
        Part[] parts = [.. labels.Select(ParseLabel)];
        return _conditions.All(condition => condition(parts));
    }

    private static IEnumerable<string> Split(string text)
    {
        int begin = 0;
        int depth = 0;
        for (int at = 0; at < text.Length; at++)
        {
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            if (text[at] == ',' && depth == 0)
            {
                yield return text[begin..at];
                begin = at + 1;
            }
        }

        yield return text[begin..];
    }

    private static Func<IReadOnlyList<Part>, bool> ParseCondition(string condition, string text)
    {
        if (condition.Length == 0)
        {
            throw Wrong(text, "a condition is empty");
        }

        int open = condition.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            string[] words = condition[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = condition[(open + 1)..].TrimEnd(')').Split(',', StringSplitOptions.TrimEntries);
            return words switch
            {
                [string key, "in"] when condition.EndsWith(')') => labels => Has(labels, key, values),
                [string key, "notin"] when condition.EndsWith(')') => labels => !Has(labels, key, values),
                _ => throw Wrong(text, $"'{condition}' is not KEY in (A,B) or KEY notin (A,B)"),
            };
        }

        int unequal = condition.IndexOf("!=", StringComparison.Ordinal);
        int equal = condition.IndexOf('=', StringComparison.Ordinal);
        return unequal > 0 ? Negated(condition[..unequal].Trim(), condition[(unequal + 2)..].Trim())
            : equal > 0 ? Equal(condition[..equal].Trim(), condition[(equal + 1)..].TrimStart('=').Trim())
            : condition[0] == '!' ? labels => !Has(labels, condition[1..].Trim(), null)
            : equal == 0 || condition.Contains(' ', StringComparison.Ordinal) ? throw Wrong(text, $"'{condition}' is not KEY=VALUE, KEY!=VALUE, KEY or !KEY")
            : labels => Has(labels, condition, null);
    }

    private static Func<IReadOnlyList<Part>, bool> Equal(string key, string value) => labels => Has(labels, key, [value]);

    private static Func<IReadOnlyList<Part>, bool> Negated(string key, string value) => labels => !Has(labels, key, [value]);

    private static bool Has(IReadOnlyList<Part> labels, string key, string[]? values) =>
        labels.Any(label => (label.Key == key || $"{label.Source}:{label.Key}" == key) && (values is null || values.Contains(label.Value)));

    private static Part ParseLabel(string label)
    {
        int equal = label.IndexOf('=', StringComparison.Ordinal);
        string left = equal < 0 ? label : label[..equal];
        int colon = left.IndexOf(':', StringComparison.Ordinal);
        return new Part(colon < 0 ? "" : left[..colon], left[(colon + 1)..], equal < 0 ? "" : label[(equal + 1)..]);
    }

    private static UsageException Wrong(string text, string why) =>
        new($"--label '{text}': {why} (for example app=web,tier in (a,b),!canary; see 'weft identity list')");
}
