using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>An unsigned 32-bit integer that lies in memory in network byte order (C: <c>__be32</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Be32
{
    private readonly uint _network;

    public Be32(uint value)
    {
        _network = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>The number in the machine's own order.</summary>
    public uint Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_network) : _network;

    public static implicit operator uint(Be32 value) => value.Value;

    public static implicit operator Be32(uint value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
