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

    /// <summary>The oracle reads bpftool's words, which know nothing of this parser.</summary>
    [KernelFact]
    public void Functions_of_the_kernel_that_take_a_packet_are_those_that_bpftool_tells_of()
    {
        const string path = "/sys/kernel/btf/vmlinux";
        BtfFunctionArgument[] found = [.. BtfData.Parse(File.ReadAllBytes(path)).FunctionsTaking("sk_buff", 5)];

        IReadOnlyList<BtfFunctionArgument> expected = BtfText.Parse(Tool.Run("bpftool", "btf", "dump", "file", path, "format", "raw").Split('\n')).FunctionsTaking("sk_buff", 5);
        Assert.True(expected.Count > 1000, $"bpftool tells of {expected.Count}");
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_module_goes_on_with_the_types_and_strings_of_the_kernel()
    {
        int first = s_types.Count;
        BtfData module = BtfData.ParseModule(Module(), s_types);

        Assert.Equal([new BtfFunctionArgument("take", 2)], module.FunctionsTaking("outer", 5, after: first - 1));
        Assert.Empty(module.FunctionsTaking("outer", 1, after: first - 1));
        Assert.Empty(module.FunctionsTaking("inner", 5));
        Fuzz.EveryTruncation(Module(), ReadModule);
        Fuzz.Mutations(Module(), ReadModule);
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

    /// <summary>void take(int, struct outer *): a pointer to the kernel's struct, a prototype of two parameters, a function.</summary>
    private static byte[] Module()
    {
        uint first = (uint)s_types.Count;
        uint name = (uint)BinaryPrimitives.ReadInt32LittleEndian(Section().AsSpan(20));
        byte[] types = Words(
            0, Kind(BtfKind.Pointer), (uint)IdOf("outer"),
            0, Kind(BtfKind.FuncProto, 2), 0, 0, 0, 0, first,
            name, Kind(BtfKind.Func), first + 1);
        return [.. Words(0x0001eb9f, 24, 0, (uint)types.Length, (uint)types.Length, 5), .. types, .. "take\0"u8];
    }

    private static void ReadModule(byte[] bytes) => Tolerate(() => ReadAll(BtfData.ParseModule(bytes, s_types)));

    private static int IdOf(string name) => Enumerable.Range(1, s_types.Count - 1).First(id => IsStruct(id, name));

    private static bool IsStruct(int id, string name)
    {
        try
        {
            return s_types.StructAt(id).Name == name;
        }
        catch (BtfFormatException)
        {
            return false;
        }
    }

    private static uint Kind(BtfKind kind, uint count = 0) => ((uint)kind << 24) | count;

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * index), words[index]);
        }

        return bytes;
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
        _ = types.FunctionsTaking("outer", 5).Count();
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
