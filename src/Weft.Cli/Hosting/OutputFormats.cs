using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Help;

namespace Weft.Cli.Hosting;

/// <summary>The words of <c>--output</c>.</summary>
internal static class OutputFormats
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Yaml = "yaml";

    public static IReadOnlyList<string> Of(Command command) => command is WeftCommand { HasYaml: true } ? [Text, Json, Yaml] : [Text, Json];

    /// <summary>Lets any format of some command pass: the parser does not know yet which command it is when it looks at the option.</summary>
    public static void Validate(OptionResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value is not (Text or Json or Yaml)))
        {
            result.AddError(What(token.Value, [Text, Json]));
        }
    }

    /// <exception cref="UsageException">The command cannot print so.</exception>
    public static void ThrowIfNoneOf(Command command, string? format)
    {
        if (format is not null && !Of(command).Contains(format))
        {
            throw new UsageException($"{What(format, Of(command))} (see '{HelpWriter.PathOf(command)} --help')");
        }
    }

    private static string What(string word, IReadOnlyList<string> formats) => $"--output cannot be '{word}': it is one of {string.Join(", ", formats)}";
}
