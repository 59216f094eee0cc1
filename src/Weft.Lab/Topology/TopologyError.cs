namespace Weft.Lab.Topology;

/// <summary>One thing that is wrong in a topology.</summary>
/// <param name="Line">Counted from 1.</param>
public readonly record struct TopologyError(int Line, string Message);
