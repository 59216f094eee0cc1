namespace Weft.Cli.Output;

/// <summary>What a line is, for its colour.</summary>
internal enum Paint
{
    Plain = 0,
    Good,
    Bad,
    Warning,
    Notable,
    Faint,
}
