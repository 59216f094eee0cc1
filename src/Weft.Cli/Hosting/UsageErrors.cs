using System.CommandLine;
using Weft.Cli.Help;

namespace Weft.Cli.Hosting;

/// <summary>Says in one line what is wrong with a command line. The first error only: the others tend to follow from it.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string path = HelpWriter.PathOf(command);
        string name = path == "weft" ? path : path["weft ".Length..];
        return $"{What(parse, command, name)} (see '{path} --help')";
    }

    private static string What(ParseResult parse, Command command, string name)
    {
        string subcommands = string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        if (parse.UnmatchedTokens is [string unknown, ..])
        {
            return unknown.StartsWith('-') ? $"{name} has no option '{unknown}'"
                : subcommands.Length > 0 ? $"{name} has no command '{unknown}': there are {subcommands}"
                : $"{name} takes no '{unknown}'";
        }

        string error = parse.Errors[0].Message.TrimEnd('.');
        return subcommands.Length > 0 && parse.CommandResult.Tokens.Count == 0 && parse.Errors[0].SymbolResult == parse.CommandResult
            ? $"{name}: which command? there are {subcommands}"
            : char.IsLower(error[1]) ? $"{char.ToLowerInvariant(error[0])}{error[1..]}" : error;
    }
}
