namespace Weft.Bpf.Btf;

/// <summary>A function that takes a pointer to a struct.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Argument">The first argument of that type, from 1.</param>
public readonly record struct BtfFunctionArgument(string Function, int Argument);
