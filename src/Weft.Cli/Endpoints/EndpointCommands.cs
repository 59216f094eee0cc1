using System.CommandLine;
using Weft.Cli.Hosting;

namespace Weft.Cli.Endpoints;

/// <summary><c>weft endpoint …</c>.</summary>
internal static class EndpointCommands
{
    public static Command Create(CommandFactory factory)
    {
        Command group = CommandFactory.Group(
            "endpoint",
            "The pods' network interfaces on a node: who they are, their addresses, devices and settings.",
            EndpointListCommand.Create(factory),
            EndpointGetCommand.Create(factory),
            EndpointConfigCommand.Create(factory),
            EndpointLogCommand.Create(factory));
        group.Aliases.Add("endpoints");
        return group;
    }
}
