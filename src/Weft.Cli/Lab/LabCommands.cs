using System.CommandLine;
using Weft.Cli.Hosting;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab …</c>: several nodes on this machine, each with its real agent.</summary>
internal static class LabCommands
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "lab",
        "Several nodes on this machine, as network namespaces with an underlay between them; each runs the real agent.",
        LabUpCommand.Create(factory),
        LabStatusCommand.Create(factory),
        LabPingCommand.Create(factory),
        LabExecCommand.Create(factory),
        LabManifestCommands.CreateApply(factory),
        LabManifestCommands.CreateDelete(factory),
        LabDownCommand.Create(factory));
}
