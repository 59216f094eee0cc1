using System.CommandLine;
using System.CommandLine.Invocation;

namespace Weft.Cli.Help;

/// <summary>Writes the help of the command that the command line names.</summary>
internal sealed class HelpAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HelpWriter.Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return 0;
    }
}
