namespace Weft.Cli.Targets;

/// <summary>What the command line says of the node that it is about; each may be missing.</summary>
internal sealed record TargetRequest(string? Lab, string? Node, string? Socket, string? BpfRoot);
