using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>An unsigned 16-bit integer that lies in memory in network byte order (C: <c>__be16</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Be16
{
    private readonly ushort _network;

    public Be16(ushort value)
    {
        _network = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>The number in the machine's own order.</summary>
    public ushort Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_network) : _network;

    public static implicit operator ushort(Be16 value) => value.Value;

    public static implicit operator Be16(ushort value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
