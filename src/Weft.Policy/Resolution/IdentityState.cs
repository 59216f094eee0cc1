using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>An identity that the engine knows.</summary>
internal sealed class IdentityState(Identity identity, int position)
{
    public Identity Identity => identity;

    /// <summary>In every <see cref="IdentitySet"/>; given to another identity when this one is removed.</summary>
    public int Position => position;

    public LabelSet Own { get; set; } = LabelSet.Empty;

    public required WorkloadLabels Labels { get; set; }

    /// <summary>Of all pods of the identity together.</summary>
    public ImmutableArray<NamedPort> Ports { get; set; } = [];
}
