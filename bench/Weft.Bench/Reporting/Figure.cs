namespace Weft.Bench.Reporting;

/// <summary>One result: what was measured, against what, in the same run.</summary>
/// <param name="Target">Least ratio that the project asks for or, where there is no ratio, the largest value; null: nothing is asked.</param>
internal sealed record Figure(string Name, string Subject, string Unit, Spread Value, string? Baseline, Spread? Ratio, double? Target)
{
    /// <summary>Null where nothing is asked.</summary>
    public bool? Reached => Target is null ? null : Ratio is Spread ratio ? ratio.Median >= Target : Value.Median <= Target;
}
