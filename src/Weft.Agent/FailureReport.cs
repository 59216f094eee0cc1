using System.CommandLine;
using Weft.Agent.Startup;
using Weft.Control.Identities;
using Weft.Control.Nodes;
using Weft.Datapath;
using Weft.Linux;
using Weft.Store;

namespace Weft.Agent;

/// <summary>How the process tells that it could not do what it was asked: one line on stderr and an exit code.</summary>
internal static class FailureReport
{
    private const int Failed = 1;
    private const int Misused = 2;

    /// <returns>0, or 1 after a line that says what was tried and what to do.</returns>
    public static async Task<int> RunAsync(Func<Task<int>> body, CancellationToken cancellationToken)
    {
        try
        {
            return await body().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (IsForPeople(error))
        {
            await Console.Error.WriteLineAsync($"weft-agent: {error.Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    /// <returns>2, after all that is wrong with the command line.</returns>
    public static int Usage(ParseResult parsed)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
        {
            Console.Error.WriteLine($"weft-agent: {error.Message}");
        }

        Console.Error.WriteLine("weft-agent: see 'weft-agent --help'");
        return Misused;
    }

    private static bool IsForPeople(Exception error) => error is AgentFailure or DatapathException or StoreException or LinuxException
        or NodeConflictException or IdentityException or IOException or UnauthorizedAccessException;
}
