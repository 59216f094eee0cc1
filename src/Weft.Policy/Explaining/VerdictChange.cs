using Weft.Policy.Documents;

namespace Weft.Policy.Explaining;

/// <summary>A flow that other policies would judge differently.</summary>
/// <param name="IsForOtherPorts">The port is one that no rule names, and stands for all such.</param>
/// <param name="Rule">That would decide; null: none would.</param>
public sealed record VerdictChange(PolicyConnection Flow, bool WasAllowed, bool IsForOtherPorts, RuleOrigin? Rule)
{
    public override string ToString() =>
        $"{Flow}{(IsForOtherPorts ? " (and other ports)" : "")}: {(WasAllowed ? "allowed -> denied" : "denied -> allowed")}{(Rule is null ? "" : $" by {Rule}")}";
}
