using System.Collections.Immutable;
using Weft.Policy.Documents;

namespace Weft.Policy.Explaining;

/// <summary>What to do so that a flow is allowed, it and no other.</summary>
/// <param name="Yaml">The document to apply, or two, one an end of the flow. Null: no document can do it.</param>
/// <param name="ToChange">Deny rules that would have to change first, as no document that allows can undo them.</param>
/// <param name="Reason">Why there is no document; null where there is one.</param>
public sealed record PolicySuggestion(string? Yaml, ImmutableArray<RuleOrigin> ToChange, string? Reason);
