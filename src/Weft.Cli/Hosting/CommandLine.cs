using System.CommandLine;
using System.CommandLine.Invocation;
using Weft.Api;
using Weft.Linux;

namespace Weft.Cli.Hosting;

/// <summary>Runs one command line from its words to its exit code.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may clean up after Ctrl-C or SIGTERM before the process ends anyway.</summary>
    private static readonly TimeSpan s_termination = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host)
    {
        ParseResult parse = RootCommandBuilder.Create(host).Parse(arguments);
        try
        {
            int code = parse.Action is ParseErrorAction
                ? throw new UsageException(UsageErrors.Describe(parse))
                : await parse.InvokeAsync(new InvocationConfiguration
                {
                    Output = host.Output,
                    Error = host.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = s_termination,
                });
            await host.Output.FlushAsync();
            return code;
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            return ExitCode.BrokenPipe;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The edge of the process: every failure becomes one line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FlushBeforeMessageAsync(host);
            await host.Error.WriteLineAsync($"weft: {e.Message}");
            return e switch
            {
                UsageException => ExitCode.Usage,
                AgentUnreachableException => ExitCode.AgentUnreachable,
                _ => ExitCode.Failure,
            };
        }
    }

    /// <summary>What was written before a failure comes before its message, if anybody still reads it.</summary>
    private static async Task FlushBeforeMessageAsync(CliHost host)
    {
        try
        {
            await host.Output.FlushAsync();
        }
        catch (LinuxException)
        {
            // The failure that is being reported is the first one.
        }
    }
}
