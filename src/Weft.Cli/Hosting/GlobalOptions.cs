using System.CommandLine;
using Weft.Cli.Targets;

namespace Weft.Cli.Hosting;

/// <summary>Options that every command takes: which node, and how to print.</summary>
internal sealed class GlobalOptions
{
    public GlobalOptions(RunningLabs labs)
    {
        Lab.CompletionSources.Add(_ => labs.Names());
        Node.CompletionSources.Add(context => labs.NodesOf(context.ParseResult.GetValue(Lab)));
        Output.AcceptOneOf("text", "json");
    }

    public Option<string?> Lab { get; } = new("--lab")
    {
        Description = "The lab whose node to speak to; may be left out while exactly one lab is up",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<string[]> Node { get; } = new("--node")
    {
        Description = "The node of the lab; commands that follow packets take several",
        HelpName = "NODE",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string[]> Socket { get; } = new("--socket")
    {
        Description = "The agent's socket, instead of this machine's own or a lab's; commands that follow packets take several",
        HelpName = "PATH",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string?> BpfRoot { get; } = new("--bpf-root")
    {
        Description = "Where the agent pins its maps, for the 'bpf' commands",
        HelpName = "PATH",
        Recursive = true,
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "How to print: text or json",
        HelpName = "FORMAT",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    };

    public void AddTo(Command root)
    {
        root.Add(Lab);
        root.Add(Node);
        root.Add(Socket);
        root.Add(BpfRoot);
        root.Add(Output);
    }
}
