using System.Buffers.Binary;
using Weft.Bpf.Btf;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Btf;

public sealed class BtfDataTests
{
    private static readonly byte[] s_object = TestObject.Bytes("types");
    private static readonly BtfData s_types = BtfData.FromObject(s_object)!;

    [Fact]
    public void A_struct_has_the_offsets_and_sizes_of_the_compiler()
    {
        BtfStructType outer = s_types.FindStruct("outer")!;

        Assert.Equal((72, false), (outer.Size, outer.IsUnion));
        Assert.Equal(
            [
                ("first", 0, 1, "__u8", BtfKind.Int),
                ("second", 4, 4, "__u32", BtfKind.Int),
                ("low", 8, 4, "__u32", BtfKind.Int),
                ("high", 8, 4, "__u32", BtfKind.Int),
                ("nested", 10, 8, "inner_alias", BtfKind.Struct),
                ("many", 18, 24, "struct inner[3]", BtfKind.Array),
                ("next", 48, 8, "struct outer *", BtfKind.Pointer),
                ("", 56, 8, "union", BtfKind.Union),
                ("colour", 64, 4, "enum colour", BtfKind.Enum),
                ("depth", 68, 4, "enum depth", BtfKind.Enum),
            ],
            outer.Members.Select(member => (member.Name, member.Offset, member.Size, member.TypeText, member.Kind)));
    }

    [Fact]
    public void Bit_fields_tell_their_bits()
    {
        BtfStructType outer = s_types.FindStruct("outer")!;

        Assert.Equal((64, 3), (outer.FindMember("low")!.BitOffset, outer.FindMember("low")!.BitSize));
        Assert.Equal((67, 13), (outer.FindMember("high")!.BitOffset, outer.FindMember("high")!.BitSize));
        Assert.Equal(0, outer.FindMember("second")!.BitSize);
    }

    [Fact]
    public void A_nested_struct_is_found_through_its_typedef()
    {
        BtfStructType inner = s_types.StructAt(s_types.FindStruct("outer")!.FindMember("nested")!.TypeId);

        Assert.Equal(("inner", 8), (inner.Name, inner.Size));
        Assert.Equal([("a", 0, "__u16"), ("b", 2, "__u8[6]")], inner.Members.Select(member => (member.Name, member.Offset, member.TypeText)));
    }

    [Fact]
    public void Enums_keep_the_order_of_the_source()
    {
        Assert.Equal([new("COLOUR_RED", 1), new("COLOUR_GREEN", 2), new("COLOUR_BLUE", 0x80000000)], s_types.FindEnum("colour")!.Values);
        Assert.Equal([("DEPTH_BELOW", -5), ("DEPTH_ABOVE", 5)], s_types.FindEnum("depth")!.Values.Select(value => (value.Key, (int)value.Value)));
    }

    [Fact]
    public void What_is_not_there_is_null()
    {
        Assert.Null(s_types.FindStruct("nothing"));
        Assert.Null(s_types.FindEnum("outer"));
        Assert.Null(s_types.FindVariable(".rodata", "nothing"));
    }

    [Fact]
    public void Libbpf_fills_in_where_the_variables_are()
    {
        using BpfObjectSpec spec = TestObject.Open("types");

        BtfVariable variable = spec.Btf!.FindVariable(".rodata", "everything")!.Value;

        Assert.Equal(s_types.FindStruct("outer")!.Size, variable.Size);
        Assert.Equal("outer", spec.Btf.StructAt(variable.TypeId).Name);
    }

    [KernelFact]
    public void The_running_kernel_can_be_read_too()
    {
        BtfData kernel = BtfData.Parse(File.ReadAllBytes("/sys/kernel/btf/vmlinux"));

        Assert.True(kernel.Count > 10_000);
        Assert.True(kernel.FindStruct("sk_buff")!.Members.Count > 5);
        Assert.Contains(kernel.FindEnum("bpf_map_type")!.Values, value => value is { Key: "BPF_MAP_TYPE_RINGBUF", Value: 27 });
    }

    [Fact]
    public void An_object_without_types_is_null()
    {
        byte[] renamed = [.. s_object];
        int at = renamed.AsSpan().IndexOf(".BTF\0"u8);
        renamed[at + 1] = (byte)'X';

        Assert.Null(BtfData.FromObject(renamed));
    }

    [Fact]
    public void Truncated_objects_and_types_are_refused_and_nothing_worse()
    {
        byte[] section = Section();
        Fuzz.EveryTruncation(section, ReadTypes);
        Fuzz.EveryTruncation(s_object, ReadObject);
    }

    [Fact]
    public void Mutated_objects_and_types_are_read_or_refused_and_nothing_worse()
    {
        Fuzz.Mutations(Section(), ReadTypes);
        Fuzz.Mutations(s_object, ReadObject, count: 500);
    }

    [Fact]
    public void A_type_that_contains_itself_is_refused()
    {
        // One array whose elements are arrays of the same type: kind 3, element type 1.
        byte[] bytes = new byte[24 + 24 + 1];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 0xeb9f);
        bytes[2] = 1;
        bytes[4] = 24;
        bytes[12] = 24;
        bytes[16] = 24;
        bytes[20] = 1;
        bytes[24 + 7] = 3;
        bytes[24 + 12] = 1;
        bytes[24 + 20] = 2;

        BtfData types = BtfData.Parse(bytes);

        Assert.Throws<BtfFormatException>(() => types.SizeOf(1));
    }

    private static byte[] Section()
    {
        // The header tells the length: types, then strings.
        int at = s_object.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x9f, 0xeb, 1, 0]);
        ReadOnlySpan<byte> rest = s_object.AsSpan(at);
        int strings = BinaryPrimitives.ReadInt32LittleEndian(rest[16..]);
        return rest[..(24 + strings + BinaryPrimitives.ReadInt32LittleEndian(rest[20..]))].ToArray();
    }

    private static void ReadTypes(byte[] bytes) => Tolerate(() => ReadAll(BtfData.Parse(bytes)));

    private static void ReadObject(byte[] bytes) => Tolerate(() =>
    {
        if (BtfData.FromObject(bytes) is { } types)
        {
            ReadAll(types);
        }
    });

    private static void ReadAll(BtfData types)
    {
        foreach (BtfStructType type in types.Structs())
        {
            Assert.True(type.Members.Count <= ushort.MaxValue);
        }

        _ = types.Enums().Count();
        _ = types.FindVariable(".rodata", "everything");
    }

    private static void Tolerate(Action read)
    {
        try
        {
            read();
        }
        catch (BtfFormatException)
        {
            // the one way to refuse
        }
    }
}
