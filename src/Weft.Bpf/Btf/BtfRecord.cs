namespace Weft.Bpf.Btf;

/// <summary>The fixed part of a type (struct btf_type).</summary>
internal readonly record struct BtfRecord(uint NameOffset, uint Info, uint SizeOrType)
{
    public BtfKind Kind => (BtfKind)((Info >> 24) & 0x1f);

    /// <summary>Members, values, parameters or variables that follow.</summary>
    public int Count => (int)(Info & 0xffff);

    /// <summary>In structs: members may be bit fields. In enums: signed.</summary>
    public bool Flag => Info >> 31 != 0;

    /// <summary>Bytes after the fixed part; -1 for a kind that this code does not know, whose length it thus cannot know.</summary>
    public int ExtraBytes => Kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclTag => 4,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => Count * 12,
        BtfKind.Enum or BtfKind.FuncProto => Count * 8,
        BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
            or BtfKind.Func or BtfKind.Float or BtfKind.TypeTag => 0,
        _ => -1,
    };
}
