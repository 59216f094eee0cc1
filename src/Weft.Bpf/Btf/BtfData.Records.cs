using System.Buffers.Binary;
using System.Text;

namespace Weft.Bpf.Btf;

/// <content>Reading records with all bounds checked.</content>
public sealed partial class BtfData
{
    /// <summary>The kernel's own bound on chains of types (MAX_RESOLVE_DEPTH); a longer one is a loop.</summary>
    private const int MaxDepth = 32;

    private const int PointerBytes = 8;

    /// <summary>Bytes of a variable of this type; 0 for void and functions.</summary>
    public int SizeOf(int id) => SizeOf(id, 0);

    private int SizeOf(int id, int depth)
    {
        id = Resolve(id);
        BtfRecord record = Record(id);
        switch (record.Kind)
        {
            case BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float or BtfKind.DataSection:
                return CheckedSize(record.SizeOrType);
            case BtfKind.Pointer:
                return PointerBytes;
            case BtfKind.Array when depth < MaxDepth:
                int at = _offsets[id] + RecordBytes;
                return CheckedSize((ulong)SizeOf(Reference(at), depth + 1) * Word(at + 8));
            case BtfKind.Array:
                throw new BtfFormatException($"type {id} contains itself");
            default:
                return 0;
        }
    }

    /// <summary>Follows typedefs, qualifiers, tags and variables to what they stand for.</summary>
    private int Resolve(int id)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            BtfRecord record = Record(CheckId((uint)id));
            if (record.Kind is not (BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable))
            {
                return id;
            }

            id = CheckId(record.SizeOrType);
        }

        throw new BtfFormatException($"type {id} refers to itself");
    }

    /// <summary>As in C, without qualifiers.</summary>
    private string Describe(int id, int depth = 0)
    {
        if (depth >= MaxDepth)
        {
            throw new BtfFormatException($"type {id} refers to itself");
        }

        BtfRecord record = Record(id);
        string name = Text(record.NameOffset);
        switch (record.Kind)
        {
            case BtfKind.Void:
                return "void";
            case BtfKind.Struct or BtfKind.Forward when !record.Flag || record.Kind == BtfKind.Struct:
                return name.Length == 0 ? "struct" : $"struct {name}";
            case BtfKind.Union or BtfKind.Forward:
                return name.Length == 0 ? "union" : $"union {name}";
            case BtfKind.Enum or BtfKind.Enum64:
                return name.Length == 0 ? "enum" : $"enum {name}";
            case BtfKind.Array:
                int at = _offsets[id] + RecordBytes;
                return $"{Describe(Reference(at), depth + 1)}[{Word(at + 8)}]";
            case BtfKind.Pointer:
                return $"{Describe(CheckId(record.SizeOrType), depth + 1)} *";
            case BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable:
                return Describe(CheckId(record.SizeOrType), depth + 1);
            case BtfKind.FuncProto:
                return "function";
            default:
                return name;
        }
    }

    private int[] IndexRecords()
    {
        List<int> offsets = [0];
        for (int at = 0; at < _types.Length;)
        {
            if (_types.Length - at < RecordBytes)
            {
                throw new BtfFormatException($"type {offsets.Count} is cut off");
            }

            offsets.Add(at);
            int extra = RecordAt(at).ExtraBytes;
            if (extra < 0 || _types.Length - at - RecordBytes < extra)
            {
                throw new BtfFormatException($"type {offsets.Count - 1} is of unknown kind or cut off");
            }

            at += RecordBytes + extra;
        }

        return [.. offsets];
    }

    private BtfRecord Record(int id) => id == 0 ? default : RecordAt(_offsets[id]);

    private BtfRecord RecordAt(int at) => new(Word(at), Word(at + 4), Word(at + 8));

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_types.AsSpan(at));

    private int Reference(int at) => CheckId(Word(at));

    private int Length(int at) => CheckedSize(Word(at));

    private int CheckId(uint id) => id < (uint)Count ? (int)id : throw new BtfFormatException($"there is no type {id}");

    private static int CheckedSize(ulong size) =>
        size <= int.MaxValue ? (int)size : throw new BtfFormatException($"a size of {size} bytes");

    private string Text(uint offset) => Encoding.UTF8.GetString(TextBytes(offset));

    private ReadOnlySpan<byte> TextBytes(uint offset)
    {
        if (offset >= (uint)_strings.Length)
        {
            return offset == 0 ? default : throw new BtfFormatException($"a name at {offset}, past the strings");
        }

        ReadOnlySpan<byte> rest = _strings.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return end >= 0 ? rest[..end] : throw new BtfFormatException("the strings do not end");
    }
}
