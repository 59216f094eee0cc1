namespace Weft.Policy.Documents;

/// <summary>A port of a pod that policies may call by its name.</summary>
public readonly record struct NamedPort(string Name, byte Protocol, ushort Port);
