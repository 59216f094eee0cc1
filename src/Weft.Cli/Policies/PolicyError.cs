namespace Weft.Cli.Policies;

/// <summary>Something in a file of policies that cannot be used.</summary>
internal sealed record PolicyError(int Line, string Message);
