namespace Weft.Bpf.Btf;

/// <summary>A global variable and its place in its section, in bytes.</summary>
public readonly record struct BtfVariable(string Name, int Offset, int Size, int TypeId);
