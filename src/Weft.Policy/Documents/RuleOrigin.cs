namespace Weft.Policy.Documents;

/// <summary>Where a rule is written.</summary>
/// <param name="Path">Section of the document, as `spec.ingress[0]`.</param>
/// <param name="Line">In the text that the document was read from, counted from 1.</param>
public sealed record RuleOrigin(PolicyName Policy, string Path, int Line)
{
    public override string ToString() => $"{Policy}, {Path} (line {Line})";
}
