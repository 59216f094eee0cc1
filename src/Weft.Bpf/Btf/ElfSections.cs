using System.Buffers.Binary;

namespace Weft.Bpf.Btf;

/// <summary>Finds sections of a 64-bit little-endian ELF file (System V gABI, chapter 4).</summary>
internal static class ElfSections
{
    private const int HeaderBytes = 64;
    private const int SectionHeaderBytes = 64;

    /// <summary>Empty when there is no section of that name; throws when the file is not such an ELF file.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> elf, ReadOnlySpan<byte> name)
    {
        // EI_CLASS 2: 64 bits; EI_DATA 1: little-endian.
        if (elf.Length < HeaderBytes || !elf.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new BtfFormatException("no 64-bit little-endian ELF file");
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]);
        int entry = BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
        int namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(elf[62..]);
        if (entry != SectionHeaderBytes || namesIndex >= count)
        {
            return default;
        }

        ReadOnlySpan<byte> headers = Slice(elf, table, (ulong)(count * SectionHeaderBytes));
        ReadOnlySpan<byte> names = Contents(elf, headers, namesIndex);
        for (int index = 0; index < count; index++)
        {
            uint at = BinaryPrimitives.ReadUInt32LittleEndian(headers[(index * SectionHeaderBytes)..]);
            if (at < (uint)names.Length && names[(int)at..] is var rest && rest.StartsWith(name) && rest.Length > name.Length && rest[name.Length] == 0)
            {
                return Contents(elf, headers, index);
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> Contents(ReadOnlySpan<byte> elf, ReadOnlySpan<byte> headers, int index)
    {
        ReadOnlySpan<byte> header = headers.Slice(index * SectionHeaderBytes, SectionHeaderBytes);
        return Slice(elf, BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> elf, ulong offset, ulong length) =>
        offset <= (ulong)elf.Length && length <= (ulong)elf.Length - offset
            ? elf.Slice((int)offset, (int)length)
            : throw new BtfFormatException("the ELF file is cut off");
}
