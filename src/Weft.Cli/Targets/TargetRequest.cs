namespace Weft.Cli.Targets;

/// <summary>What the command line says of the nodes that it is about; each may be missing.</summary>
internal sealed record TargetRequest(string? Lab, IReadOnlyList<string> Nodes, IReadOnlyList<string> Sockets, string? BpfRoot)
{
    /// <summary>Whether a node is named by its paths.</summary>
    public bool HasPaths => Sockets.Count > 0 || BpfRoot is not null;
}
