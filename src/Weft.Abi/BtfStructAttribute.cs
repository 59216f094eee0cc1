namespace Weft.Abi;

/// <summary>Names the C struct of bpf/include/weft that a C# struct mirrors byte for byte.</summary>
/// <remarks>
/// tests/Weft.Abi.Tests compares the size and the offset of every field with the BTF of the C struct. Fields pair up by
/// name, without case and underscores: <c>src_identity</c> is <c>SrcIdentity</c>. Fields whose name begins with
/// <c>pad</c> are compared by the size of the whole only.
/// </remarks>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class BtfStructAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>The C# side keeps the bytes in another grouping than C's members: compare the size only.</summary>
    public bool Opaque { get; init; }
}
