namespace Weft.Cli.Policies;

/// <summary>What is in a file of policies.</summary>
/// <param name="Documents">None where there are errors.</param>
/// <param name="Errors">By line.</param>
internal sealed record PolicyCheck(string File, IReadOnlyList<string> Documents, IReadOnlyList<PolicyError> Errors)
{
    public bool IsValid => Errors.Count == 0;
}
