namespace Weft.Bpf.Btf;

/// <summary>An enum with its values in the order of the source.</summary>
/// <param name="Name">Empty for <c>enum { … }</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Values">Unsigned values of 64 bits appear as the negative number with the same bits.</param>
public sealed record BtfEnumType(string Name, int Size, IReadOnlyList<KeyValuePair<string, long>> Values);
