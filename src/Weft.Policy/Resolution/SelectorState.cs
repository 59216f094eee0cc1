using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>A selector, shared by all who use it, with the identities that it selects.</summary>
/// <param name="key">Text that equal selectors share.</param>
internal sealed class SelectorState(string key, Predicate<IdentityState> matches)
{
    public string Key => key;

    public IdentitySet Members { get; } = new();

    /// <summary>Specs whose subjects it selects.</summary>
    public List<SpecState> SubjectsOf { get; } = [];

    /// <summary>Rules whose peers it selects; a rule that uses it twice is there twice.</summary>
    public List<RuleState> PeersOf { get; } = [];

    public int Uses { get; set; }

    /// <summary>Values of one label of which its members must have one; null: none, so every identity has to be tried.</summary>
    public LabelRequirement? Narrowest { get; init; }

    /// <summary>Selects identities of prefixes only.</summary>
    public bool IsCidr { get; init; }

    public bool Matches(IdentityState identity) => matches(identity);
}
