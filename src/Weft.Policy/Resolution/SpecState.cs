using System.Collections.Immutable;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>A spec of a policy that the engine holds.</summary>
/// <param name="number">Never given twice by an engine; a changed policy has new specs.</param>
/// <param name="index">Among the specs of its document.</param>
internal sealed class SpecState(int number, PolicyName policy, int index, PolicySpec spec) : IComparable<SpecState>
{
    public int Number => number;

    public PolicyName Policy => policy;

    public PolicySpec Spec => spec;

    public RuleOrigin Origin => new(policy, spec.Path, spec.Line);

    public required SelectorState Subjects { get; init; }

    /// <summary>In the order of the document.</summary>
    public ImmutableArray<RuleState> Rules { get; set; } = [];

    public HashSet<PolicyProfile> Profiles { get; } = [];

    /// <summary>Decides which of several rules is named that say the same, so it must not depend on the order of changes.</summary>
    public int CompareTo(SpecState? other)
    {
        int order = policy.CompareTo(other?.Policy);
        return order != 0 ? order : index.CompareTo(other!.Index);
    }

    private int Index => index;
}
