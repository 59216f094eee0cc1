using System.Text;

namespace Weft.Bpf.Btf;

/// <content>Functions and their arguments.</content>
public sealed partial class BtfData
{
    private const int ParameterBytes = 8;

    /// <summary>Functions that take a pointer to this struct, in the order of the types.</summary>
    /// <param name="structName">Without <c>struct</c>.</param>
    /// <param name="arguments">How many of a function's arguments are looked at.</param>
    /// <param name="after">Types up to this one, included, are left out: of a module those of the kernel.</param>
    public IEnumerable<BtfFunctionArgument> FunctionsTaking(string structName, int arguments, int after = 0)
    {
        byte[] name = Encoding.UTF8.GetBytes(structName);
        for (int id = Math.Max(after, 0) + 1; id < Count; id++)
        {
            BtfRecord function = Record(id);
            if (function.Kind == BtfKind.Func && ArgumentOf(CheckId(function.SizeOrType), name, arguments) is var argument and > 0)
            {
                yield return new(Text(function.NameOffset), argument);
            }
        }
    }

    /// <summary>0: none.</summary>
    private int ArgumentOf(int prototype, ReadOnlySpan<byte> structName, int arguments)
    {
        BtfRecord record = Record(prototype);
        for (int index = 0; record.Kind == BtfKind.FuncProto && index < Math.Min(record.Count, arguments); index++)
        {
            if (IsPointerTo(Reference(_offsets[prototype] + RecordBytes + (index * ParameterBytes) + 4), structName))
            {
                return index + 1;
            }
        }

        return 0;
    }

    private bool IsPointerTo(int type, ReadOnlySpan<byte> structName)
    {
        BtfRecord pointer = Record(Resolve(type));
        if (pointer.Kind != BtfKind.Pointer)
        {
            return false;
        }

        BtfRecord target = Record(Resolve(CheckId(pointer.SizeOrType)));
        return target.Kind == BtfKind.Struct && TextBytes(target.NameOffset).SequenceEqual(structName);
    }
}
