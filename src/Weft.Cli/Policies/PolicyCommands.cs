using System.CommandLine;
using Weft.Cli.Hosting;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy …</c>.</summary>
internal static class PolicyCommands
{
    public static Command Create(CommandFactory factory)
    {
        Command group = CommandFactory.Group(
            "policy",
            "Network policies: who may speak to whom, why, and what a change would do.",
            PolicyGetCommand.Create(factory),
            PolicyWhyCommand.Create(factory),
            PolicyDryRunCommand.Create(factory),
            PolicyApplyCommand.Create(factory),
            PolicyDeleteCommand.Create(factory),
            PolicyValidateCommand.Create(factory));
        group.Aliases.Add("policies");
        return group;
    }
}
