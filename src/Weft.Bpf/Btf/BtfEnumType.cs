namespace Weft.Bpf.Btf;

/// <summary>An enum with its values in the order of the source.</summary>
/// <param name="Name">Empty for <c>enum { … }</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Values">
/// Unsigned values of 64 bits appear as the negative number with the same bits. Compilers before LLVM 15 do not note
/// which enums are signed: a negative value of 32 bits then appears as the unsigned number with the same bits.
/// </param>
public sealed record BtfEnumType(string Name, int Size, IReadOnlyList<KeyValuePair<string, long>> Values);
