using System.Globalization;
using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>How an endpoint's policy judged the flow of a packet.</summary>
/// <param name="Verdict">As the datapath told it.</param>
/// <param name="RuleName">What the rule that decided is called; null: not known, or no rule did.</param>
public sealed record PolicyJudgement(PolicyRecord Verdict, string? RuleName)
{
    /// <summary>The rule by its name or else by its number; null: none decided.</summary>
    public string? Rule => RuleNumber is { } number ? RuleName ?? $"rule {number}" : null;

    /// <summary>As lines and JSON have it; null: none decided.</summary>
    public string? RuleNumber => Verdict.Rule == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"0x{Verdict.Rule:x8}");
}
