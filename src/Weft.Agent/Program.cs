using System.CommandLine;
using Weft.Agent;
using Weft.Agent.Options;

RootCommand root = AgentCommandLine.Build(
    (options, cancellationToken) => FailureReport.RunAsync(() => AgentHost.RunAsync(options, cancellationToken), cancellationToken),
    (options, cancellationToken) => FailureReport.RunAsync(() => AgentCleanup.RunAsync(options, cancellationToken), cancellationToken));
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
{
    return FailureReport.Usage(parsed);
}

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
