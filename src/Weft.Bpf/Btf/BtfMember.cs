namespace Weft.Bpf.Btf;

/// <summary>A field of a struct or union.</summary>
/// <param name="Name">Empty for an anonymous struct or union inside.</param>
/// <param name="BitOffset">From the start of the struct.</param>
/// <param name="BitSize">Of a bit field; 0 for other members.</param>
/// <param name="Size">Bytes of the member's type.</param>
/// <param name="TypeId">For <see cref="BtfData.StructAt"/> when <paramref name="Kind"/> is a struct or union.</param>
/// <param name="Kind">Of the type without typedefs and qualifiers.</param>
/// <param name="TypeText">As in C: <c>__u32</c>, <c>struct weft_addr</c>, <c>__u8[6]</c>.</param>
public sealed record BtfMember(string Name, int BitOffset, int BitSize, int Size, int TypeId, BtfKind Kind, string TypeText)
{
    /// <summary>Bytes from the start of the struct; for a bit field, of the byte that its first bit is in.</summary>
    public int Offset => BitOffset / 8;
}
