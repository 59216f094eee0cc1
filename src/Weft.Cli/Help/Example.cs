namespace Weft.Cli.Help;

/// <summary>A command line to imitate.</summary>
internal sealed record Example(string Command, string Meaning);
