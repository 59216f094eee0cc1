using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Weft.Cli.Completion;

/// <summary>Answers a shell's <c>weft [suggest:POSITION] LINE</c>: one word a line that may stand at the cursor.</summary>
/// <remarks>Options are offered to those who have typed a dash; before that they would bury the few words that matter.</remarks>
internal sealed class SuggestAction(Directive directive) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens.LastOrDefault(t => t.Type != TokenType.Directive)?.Value ?? "";
        int position = int.TryParse(
            parseResult.GetResult(directive)?.Values.SingleOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            ? Math.Min(given, line.Length)
            : line.Length;
        bool dashed = line[..position].Split(' ')[^1].StartsWith('-');
        ParseResult typed = parseResult.RootCommandResult.Command.Parse(line, parseResult.Configuration);
        foreach (string word in typed.GetCompletions(position).Select(c => c.Label).Where(word => dashed || !word.StartsWith('-')))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        }

        return 0;
    }
}
