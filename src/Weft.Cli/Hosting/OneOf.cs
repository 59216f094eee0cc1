using System.CommandLine;
using System.CommandLine.Parsing;

namespace Weft.Cli.Hosting;

/// <summary>Restricts an option or argument to words of a list, with an error on one line and completion of the words.</summary>
internal static class OneOf
{
    public static void AcceptOneOf(this Option option, params IReadOnlyList<string> words)
    {
        option.Validators.Add(result => Validate(result, option.Name, words));
        option.CompletionSources.Add(_ => words);
    }

    public static void AcceptOneOf(this Argument argument, params IReadOnlyList<string> words)
    {
        argument.Validators.Add(result => Validate(result, argument.HelpName ?? argument.Name, words));
        argument.CompletionSources.Add(_ => words);
    }

    private static void Validate(SymbolResult result, string name, IReadOnlyList<string> words)
    {
        foreach (Token token in result.Tokens)
        {
            if (!words.Contains(token.Value))
            {
                result.AddError($"{name} cannot be '{token.Value}': it is one of {string.Join(", ", words)}");
            }
        }
    }
}
