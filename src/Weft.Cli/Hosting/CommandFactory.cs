using System.CommandLine;
using System.CommandLine.Completions;
using Weft.Api;
using Weft.Cli.Help;

namespace Weft.Cli.Hosting;

/// <summary>Makes commands whose actions get an <see cref="Invocation"/>.</summary>
internal sealed class CommandFactory(CliHost host, GlobalOptions options)
{
    /// <summary>A command that only holds others.</summary>
    public static WeftCommand Group(string name, string description, params IReadOnlyList<Command> commands)
    {
        WeftCommand group = new(name, description);
        foreach (Command command in commands)
        {
            group.Add(command);
        }

        return group;
    }

    public void SetAction(Command command, Func<Invocation, CancellationToken, Task<int>> run) =>
        command.SetAction((parse, cancellationToken) => run(new Invocation(parse, options, host), cancellationToken));

    public void SetAction(Command command, Func<Invocation, CancellationToken, Task> run) =>
        SetAction(command, async (invocation, cancellationToken) =>
        {
            await run(invocation, cancellationToken);
            return ExitCode.Success;
        });

    /// <summary>Asks the node's agent what may stand at the cursor; silent where there is none to ask.</summary>
    /// <remarks>A shell waits for the answer at a key press, so an agent that hangs must not hold it up.</remarks>
    public IEnumerable<CompletionItem> Complete(
        CompletionContext context, Func<AgentClient, CancellationToken, Task<IEnumerable<CompletionItem>>> ask)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
        try
        {
            using AgentClient agent = new Invocation(context.ParseResult, options, host).OpenAgent();
            return ask(agent, limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is AgentUnreachableException or AgentApiException or UsageException or OperationCanceledException)
        {
            return [];
        }
    }

    public void SetAction(Command command, Action<Invocation> run) =>
        command.SetAction(parse =>
        {
            run(new Invocation(parse, options, host));
            return ExitCode.Success;
        });
}
