namespace Weft.Cli.Targets;

/// <summary>The labs that are up on this machine, by the directories that they leave in /run.</summary>
internal sealed class RunningLabs(string path)
{
    public IReadOnlyList<string> Names() => Names(path);

    /// <summary>Nodes of a lab; of the only lab, where none is named.</summary>
    public IReadOnlyList<string> NodesOf(string? lab)
    {
        lab ??= Names() is [string only] ? only : null;
        return lab is null ? [] : Names(Path.Combine(path, lab, "nodes"));
    }

    public Target TargetOf(string lab, string node)
    {
        string directory = Path.Combine(path, lab, "nodes", node);
        return new Target(Path.Combine(directory, "run", "weft.sock"), Path.Combine(directory, "bpf", "weft"));
    }

    private static string[] Names(string directory) =>
        Directory.Exists(directory)
            ? [.. Directory.EnumerateDirectories(directory).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]
            : [];
}
