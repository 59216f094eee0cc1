using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Labels;

/// <summary>Labels in canonical order without duplicates; equal sets have equal text, so they get the same identity on every node.</summary>
[JsonConverter(typeof(LabelSetJsonConverter))]
public sealed class LabelSet : IReadOnlyList<Label>, IEquatable<LabelSet>
{
    public const int MaxLabels = 128;
    /// <summary>Bounds <see cref="Canonical"/>, which becomes part of a store key.</summary>
    public const int MaxCanonicalLength = 8192;

    public static readonly LabelSet Empty = new([], "");

    private readonly ImmutableArray<Label> _labels;

    private LabelSet(ImmutableArray<Label> labels, string canonical)
    {
        _labels = labels;
        Canonical = canonical;
    }

    /// <summary>Every label in ordinal order, each ended by `;`.</summary>
    public string Canonical { get; }

    public int Count => _labels.Length;

    public Label this[int index] => _labels[index];

    public static LabelSet Create(IEnumerable<Label> labels) =>
        TryCreate([.. labels], out LabelSet? set, out string? error) ? set : throw new FormatException(error);

    /// <summary>Parses each text as a label. The exception names every text that is wrong, not only the first.</summary>
    public static LabelSet Parse(IEnumerable<string> texts) =>
        TryParse(texts, out LabelSet? set, out string? error) ? set : throw new FormatException(error);

    public static bool TryParse(
        IEnumerable<string?> texts, [NotNullWhen(true)] out LabelSet? set, [NotNullWhen(false)] out string? error)
    {
        var labels = new List<Label>();
        var errors = new List<string>();
        foreach (string? text in texts.Take(MaxLabels + 1))
        {
            if (Label.TryParse(text, out Label? label, out string? problem))
            {
                labels.Add(label);
            }
            else
            {
                errors.Add(problem);
            }
        }
        set = null;
        error = errors.Count == 0 ? null : string.Join("; ", errors);
        return error is null && TryCreate(labels, out set, out error);
    }

    /// <summary>Parses the text of <see cref="Canonical"/>, in any order.</summary>
    public static bool TryParseCanonical(
        string canonical, [NotNullWhen(true)] out LabelSet? set, [NotNullWhen(false)] out string? error) =>
        TryParse(canonical.Split(';', MaxLabels + 2, StringSplitOptions.RemoveEmptyEntries), out set, out error);

    /// <summary>The value of the label, or null where the set has none of this source and key.</summary>
    public string? Find(string source, string key) => _labels.FirstOrDefault(l => l.Source == source && l.Key == key)?.Value;

    public bool Equals(LabelSet? other) => other is not null && Canonical == other.Canonical;

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode() => string.GetHashCode(Canonical, StringComparison.Ordinal);

    public override string ToString() => string.Join(',', _labels);

    public IEnumerator<Label> GetEnumerator() => _labels.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryCreate(List<Label> labels, [NotNullWhen(true)] out LabelSet? set, [NotNullWhen(false)] out string? error)
    {
        ImmutableArray<Label> sorted = [.. labels.Distinct().OrderBy(l => l.ToString(), StringComparer.Ordinal)];
        string canonical = string.Concat(sorted.Select(l => $"{l};"));
        Label? twice = sorted.GroupBy(l => (l.Source, l.Key)).FirstOrDefault(g => g.Count() > 1)?.First();
        error = twice is not null ? $"label '{twice.Source}:{Printable.Excerpt(twice.Key)}' is given with more than one value"
            : sorted.Length > MaxLabels ? $"more than {MaxLabels} labels: give fewer"
            : canonical.Length > MaxCanonicalLength ? $"labels are {canonical.Length} characters together: at most {MaxCanonicalLength} are kept"
            : null;
        set = error is null ? new LabelSet(sorted, canonical) : null;
        return error is null;
    }
}
