using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using Weft.Cli.Capture;
using Weft.Cli.Cni;
using Weft.Cli.Completion;
using Weft.Cli.Config;
using Weft.Cli.Endpoints;
using Weft.Cli.Health;
using Weft.Cli.Help;
using Weft.Cli.Identities;
using Weft.Cli.Ipam;
using Weft.Cli.Lab;
using Weft.Cli.Maps;
using Weft.Cli.Monitor;
using Weft.Cli.Nodes;
using Weft.Cli.Policies;
using Weft.Cli.Services;
using Weft.Cli.Status;
using Weft.Cli.Targets;
using Weft.Cli.Trace;
using Weft.Cli.Version;

namespace Weft.Cli.Hosting;

/// <summary>Puts the tree of commands together.</summary>
internal static class RootCommandBuilder
{
    public static RootCommand Create(CliHost host)
    {
        RootCommand root = new("Looks at Weft's pod network and changes it: nodes, endpoints, identities, the datapath's maps and events.");
        GlobalOptions options = new(new RunningLabs(host.LabsDirectory));
        options.AddTo(root);
        ReplaceHelp(root);
        SuggestDirective suggest = root.Directives.OfType<SuggestDirective>().Single();
        suggest.Action = new SuggestAction(suggest);

        CommandFactory factory = new(host, options);
        root.Add(StatusCommand.Create(factory));
        root.Add(HealthCommands.Create(factory));
        root.Add(EndpointCommands.Create(factory));
        root.Add(IdentityCommands.Create(factory));
        root.Add(NodeCommands.Create(factory));
        root.Add(ServiceCommands.Create(factory));
        root.Add(PolicyCommands.Create(factory));
        root.Add(IpamCommands.Create(factory));
        root.Add(BpfCommands.Create(factory));
        root.Add(MonitorCommand.Create(factory));
        root.Add(TraceCommand.Create(factory));
        root.Add(CaptureCommand.Create(factory));
        root.Add(ConfigCommand.Create(factory));
        root.Add(CniCommands.Create(factory));
        root.Add(LabCommands.Create(factory));
        root.Add(VersionCommand.Create(factory));
        root.Add(CompletionCommand.Create(factory));
        root.SetAction(parse => HelpWriter.Write(parse.CommandResult.Command, host.Output));
        return root;
    }

    private static void ReplaceHelp(RootCommand root)
    {
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h")
        {
            Action = new Help.HelpAction(),
            Description = "Show what a command does, with examples",
            Recursive = true,
        });
        root.Options.OfType<VersionOption>().Single().Description = "Show the version of this program";
    }
}
