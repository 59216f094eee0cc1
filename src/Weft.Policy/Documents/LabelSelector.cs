using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>Conditions that all must hold; none: everything is selected.</summary>
/// <remarks>What a document leaves to be understood, such as its own namespace, is among the conditions.</remarks>
public sealed class LabelSelector : IEquatable<LabelSelector>
{
    public static readonly LabelSelector Everything = new([]);

    /// <summary>A selector that no label set satisfies.</summary>
    public static readonly LabelSelector Nothing = new([new LabelRequirement(null, "none", SelectorOperator.In, [])]);

    private readonly string _text;

    public LabelSelector(IEnumerable<LabelRequirement> requirements)
    {
        Requirements = [.. requirements.Distinct().OrderBy(requirement => requirement.ToString(), StringComparer.Ordinal)];
        _text = string.Join(", ", Requirements);
    }

    /// <summary>In the order of their texts, none twice: equal selectors have equal lists.</summary>
    public ImmutableArray<LabelRequirement> Requirements { get; }

    public bool IsEverything => Requirements.IsEmpty;

    public bool Equals(LabelSelector? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as LabelSelector);

    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    public override string ToString() => IsEverything ? "(everything)" : _text;
}
