namespace Weft.Agent.Options;

/// <summary>What <c>weft-agent cleanup</c> needs; the rest it reads from the node's state file.</summary>
internal sealed record CleanupOptions(PathOptions Paths);
