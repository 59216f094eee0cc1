using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Lab;
using Weft.Lab.State;
using Weft.Linux;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab down</c>.</summary>
internal static class LabDownCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<bool> all = new("--all") { Description = "Every lab of this machine" };
        WeftCommand command = new(
            "down",
            "Removes a lab with everything in it: processes, namespaces, devices, cgroups, BPF programs and maps, files.",
            new Example("weft lab down", "the only lab"),
            new Example("weft lab down --lab mine", "that one"),
            new Example("weft lab down --all", "all, and what crashes left of others"));
        command.Add(all);
        factory.SetAction(command, invocation => Run(invocation, invocation.Parse.GetValue(all)));
        return command;
    }

    private static void Run(Invocation invocation, bool all)
    {
        if (!ProcessPrivileges.IsRoot)
        {
            throw new LabException("remove a lab: only root can (run as root, as in 'sudo weft lab down')");
        }

        if (all && invocation.Lab is not null)
        {
            throw new UsageException("--all and --lab contradict each other: give one");
        }

        // Nothing there is nothing to do: what the command is for holds already.
        IReadOnlyList<string> labs = all || (invocation.Lab is null && LabDirectory.List().Count == 0)
            ? LabDirectory.List()
            : [LabChoice.Existing(invocation)];
        List<string> removed = [];
        foreach (string lab in labs)
        {
            if (new LabRemover(lab).Remove(() => invocation.Error.WriteLine($"waiting for another 'weft lab' command on lab {lab}")))
            {
                removed.Add(lab);
            }
        }

        Report(invocation, removed);
    }

    private static void Report(Invocation invocation, List<string> removed)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(removed, LabJson.Default.ListString);
            return;
        }

        foreach (string lab in removed)
        {
            invocation.Output.WriteLine($"lab {lab} is gone");
        }

        if (removed.Count == 0)
        {
            invocation.Output.WriteLine("no lab to remove");
        }
    }
}
