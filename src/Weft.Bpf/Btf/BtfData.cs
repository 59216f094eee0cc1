using System.Buffers.Binary;
using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>The types of a compiled object: what C structs and enums really look like in memory.</summary>
/// <remarks>
/// Parsed in managed code, with every offset and reference checked, so bytes of any origin are safe; needs neither
/// privileges nor libbpf. Immutable. Type 0 is void. Format: Documentation/bpf/btf.rst of the kernel.
/// </remarks>
public sealed partial class BtfData
{
    private const ushort Magic = 0xeb9f;
    private const int HeaderBytes = 24;
    private const int RecordBytes = 12;

    private readonly byte[] _types;
    private readonly byte[] _strings;
    private readonly int[] _offsets;

    private BtfData(byte[] types, byte[] strings)
    {
        _types = types;
        _strings = strings;
        _offsets = IndexRecords();
    }

    /// <summary>Types including void.</summary>
    public int Count => _offsets.Length;

    /// <param name="bytes">A whole .BTF section, or /sys/kernel/btf/vmlinux.</param>
    public static BtfData Parse(ReadOnlySpan<byte> bytes)
    {
        (byte[] types, byte[] strings) = Split(bytes);
        return new BtfData(types, strings);
    }

    /// <summary>Types of a module of the kernel, which go on where those of the kernel end; both are in the result.</summary>
    /// <param name="bytes">Such as <c>/sys/kernel/btf/vxlan</c>.</param>
    /// <param name="kernel">Of the very kernel that the module belongs to.</param>
    public static BtfData ParseModule(ReadOnlySpan<byte> bytes, BtfData kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        (byte[] types, byte[] strings) = Split(bytes);
        return new BtfData([.. kernel._types, .. types], [.. kernel._strings, .. strings]);
    }

    /// <summary>Finds the .BTF section in an ELF object; null when there is none (built without -g).</summary>
    public static BtfData? FromObject(ReadOnlySpan<byte> elf)
    {
        ReadOnlySpan<byte> section = ElfSections.Find(elf, ".BTF"u8);
        return section.IsEmpty ? null : Parse(section);
    }

    /// <summary>Null when there is none of that name.</summary>
    public BtfStructType? FindStruct(string name) =>
        Find(name, BtfKind.Struct) is var id and > 0 ? StructAt(id)
        : Find(name, BtfKind.Union) is var union and > 0 ? StructAt(union) : null;

    /// <summary>Null when there is none of that name.</summary>
    public BtfEnumType? FindEnum(string name) =>
        Find(name, BtfKind.Enum) is var id and > 0 ? EnumAt(id)
        : Find(name, BtfKind.Enum64) is var wide and > 0 ? EnumAt(wide) : null;

    /// <summary>All structs and unions, anonymous ones too.</summary>
    public IEnumerable<BtfStructType> Structs()
    {
        for (int id = 1; id < Count; id++)
        {
            if (Record(id).Kind is BtfKind.Struct or BtfKind.Union)
            {
                yield return StructAt(id);
            }
        }
    }

    /// <summary>All enums, anonymous ones too.</summary>
    public IEnumerable<BtfEnumType> Enums()
    {
        for (int id = 1; id < Count; id++)
        {
            if (Record(id).Kind is BtfKind.Enum or BtfKind.Enum64)
            {
                yield return EnumAt(id);
            }
        }
    }

    /// <summary>A global variable of a section such as <c>.rodata</c>; null when there is none.</summary>
    /// <remarks>In an object file the offsets may still be zero: libbpf fills them in when it opens the object (<see cref="BpfObjectSpec.Btf"/>).</remarks>
    public BtfVariable? FindVariable(string section, string name)
    {
        int id = Find(section, BtfKind.DataSection);
        for (int i = 0; id > 0 && i < Record(id).Count; i++)
        {
            int at = _offsets[id] + RecordBytes + (i * 12);
            BtfRecord variable = Record(Reference(at));
            if (variable.Kind == BtfKind.Variable && Text(variable.NameOffset) == name)
            {
                return new(name, Length(at + 4), Length(at + 8), CheckId(variable.SizeOrType));
            }
        }

        return null;
    }

    /// <summary>The struct or union with this id, typedefs and qualifiers removed.</summary>
    public BtfStructType StructAt(int id)
    {
        id = Resolve(id);
        BtfRecord record = Record(id);
        if (record.Kind is not (BtfKind.Struct or BtfKind.Union))
        {
            throw new BtfFormatException($"type {id} is no struct but a {record.Kind}");
        }

        BtfMember[] members = new BtfMember[record.Count];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = Member(_offsets[id] + RecordBytes + (i * 12), record.Flag);
        }

        return new(Text(record.NameOffset), record.Kind == BtfKind.Union, CheckedSize(record.SizeOrType), members);
    }

    private BtfEnumType EnumAt(int id)
    {
        BtfRecord record = Record(id);
        bool wide = record.Kind == BtfKind.Enum64;
        KeyValuePair<string, long>[] values = new KeyValuePair<string, long>[record.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int at = _offsets[id] + RecordBytes + (i * (wide ? 12 : 8));
            uint low = Word(at + 4);
            long value = wide ? (long)(((ulong)Word(at + 8) << 32) | low) : record.Flag ? (int)low : low;
            values[i] = new(Text(Word(at)), value);
        }

        return new(Text(record.NameOffset), CheckedSize(record.SizeOrType), values);
    }

    private BtfMember Member(int at, bool bitFields)
    {
        int type = Reference(at + 4);
        uint offset = Word(at + 8);
        int bitOffset = CheckedSize(bitFields ? offset & 0xffffff : offset);
        int bitSize = bitFields ? (int)(offset >> 24) : 0;
        return new(Text(Word(at)), bitOffset, bitSize, SizeOf(type), type, Record(Resolve(type)).Kind, Describe(type));
    }

    private int Find(string name, BtfKind kind)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        for (int id = 1; id < Count; id++)
        {
            BtfRecord record = Record(id);
            if (record.Kind == kind && TextBytes(record.NameOffset).SequenceEqual(wanted))
            {
                return id;
            }
        }

        return 0;
    }

    private static (byte[] Types, byte[] Strings) Split(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Magic)
        {
            throw new BtfFormatException("no BTF header of this byte order");
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return (Part(bytes, header, 8, "types"), Part(bytes, header, 16, "strings"));
    }

    private static byte[] Part(ReadOnlySpan<byte> bytes, uint header, int field, string what)
    {
        ulong start = (ulong)header + BinaryPrimitives.ReadUInt32LittleEndian(bytes[field..]);
        ulong length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(field + 4)..]);
        return header >= HeaderBytes && start + length <= (ulong)bytes.Length
            ? bytes.Slice((int)start, (int)length).ToArray()
            : throw new BtfFormatException($"{what} lie outside of the {bytes.Length} bytes");
    }
}
