namespace Weft.Control.Nodes;

/// <summary>Another node has the name or an address range that this one claims; nothing of this node was published.</summary>
public sealed class NodeConflictException(string message) : Exception(message);
