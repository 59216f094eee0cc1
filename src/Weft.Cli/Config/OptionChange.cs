namespace Weft.Cli.Config;

/// <summary>One <c>KEY=VALUE</c> of the command line, in the spelling of the API.</summary>
internal readonly record struct OptionChange(string Name, string Value);
