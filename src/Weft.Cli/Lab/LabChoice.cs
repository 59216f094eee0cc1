using System.CommandLine.Completions;
using Weft.Cli.Hosting;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Cli.Lab;

/// <summary>Which lab a command is about.</summary>
internal static class LabChoice
{
    /// <summary>The lab that --lab names, else the default one: for commands that make labs.</summary>
    public static string NewOrNamed(Invocation invocation) => Checked(invocation.Lab ?? LabNames.DefaultLab);

    /// <summary>The lab that --lab names, else the only one there is.</summary>
    public static string Existing(Invocation invocation) => invocation.Lab is { } name
        ? Checked(name)
        : LabDirectory.List() switch
        {
            [string only] => only,
            [] => throw new UsageException("which lab? none is up ('weft lab up' makes one)"),
            IReadOnlyList<string> several => throw new UsageException($"which lab? there are: {string.Join(", ", several)} (choose with --lab)"),
        };

    /// <summary>Members of the only lab, for completion.</summary>
    public static IEnumerable<string> MemberNames(CompletionContext context)
    {
        _ = context;
        LabTopology? topology = LabDirectory.List() is [string only] ? new LabDirectory(only).ReadTopology() : null;
        return topology?.MemberNames ?? [];
    }

    private static string Checked(string name) => LabNames.CheckLab(name) is { } fault ? throw new UsageException($"--lab: {fault}") : name;
}
