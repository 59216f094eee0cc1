namespace Weft.Cli.Targets;

/// <summary>The node that a command is about.</summary>
internal sealed record Target(string SocketPath, string BpfRoot);
