using Weft.Model.Identities;

namespace Weft.Policy.Resolution;

/// <summary>What one side of a flow says.</summary>
/// <param name="Entry">That decided; null: none matched, or nothing is enforced.</param>
/// <param name="Peer">Of that entry: the peer's identity, or 0.</param>
public readonly record struct PolicyDecision(PolicyVerdict Verdict, PolicyEntry? Entry, Identity Peer)
{
    public bool IsAllowed => Verdict is PolicyVerdict.NotEnforced or PolicyVerdict.Allowed;
}
