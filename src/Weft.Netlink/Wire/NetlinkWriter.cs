using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Linux;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Wire;

/// <summary>Builds one request in a buffer of the caller, mostly one on its stack.</summary>
/// <remarks>
/// Pads are zeroed. The sequence number is left to the socket. A buffer that is too small is a bug of the caller and throws.
/// </remarks>
public ref struct NetlinkWriter
{
    /// <summary>Enough for every request of this library.</summary>
    public const int RequestSize = 2048;

    private const int AttributeHeaderSize = 4;
    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">Of <see cref="RequestSize"/> bytes, or what the request needs.</param>
    /// <param name="type">RTM_*.</param>
    /// <param name="flags">NLM_F_*; NLM_F_REQUEST is added.</param>
    public NetlinkWriter(Span<byte> buffer, ushort type, ushort flags)
    {
        _buffer = buffer;
        NetlinkHeader header = new() { Type = type, Flags = (ushort)(flags | NetlinkH.NLM_F_REQUEST) };
        MemoryMarshal.Write(Take(NetlinkHeader.Size), in header);
    }

    /// <summary>Sets the length and returns the message.</summary>
    public readonly Span<byte> Finish()
    {
        uint length = (uint)_length;
        MemoryMarshal.Write(_buffer, in length);
        return _buffer[.._length];
    }

    public void PutByte(ushort type, byte value) => PutBytes(type, [value]);

    public void PutBool(ushort type, bool value) => PutByte(type, value ? (byte)1 : (byte)0);

    public void PutUInt16(ushort type, ushort value) => Put(type, value);

    public void PutUInt32(ushort type, uint value) => Put(type, value);

    public void PutInt32(ushort type, int value) => Put(type, value);

    public void PutUInt16BigEndian(ushort type, ushort value) =>
        Put(type, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public void PutUInt32BigEndian(ushort type, uint value) =>
        Put(type, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public void PutUInt64BigEndian(ushort type, ulong value) =>
        Put(type, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public void PutIfIndex(ushort type, IfIndex value) => Put(type, value.Value);

    /// <summary>A switch that is on by its presence.</summary>
    public void PutFlag(ushort type) => PutBytes(type, []);

    /// <summary>With the zero byte at the end that the kernel wants.</summary>
    public void PutText(ushort type, string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        Span<byte> payload = Attribute(type, size + 1);
        Encoding.UTF8.GetBytes(value, payload);
        payload[size] = 0;
    }

    public void PutIPAddress(ushort type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        PutBytes(type, bytes[..written]);
    }

    public void PutHardwareAddress(ushort type, HardwareAddress address) => address.CopyTo(Attribute(type, HardwareAddress.Length));

    public void PutBytes(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    /// <summary>Opens an attribute that holds what is put until <see cref="EndNested"/>.</summary>
    /// <returns>To be handed to <see cref="EndNested"/>.</returns>
    public int BeginNested(ushort type)
    {
        int start = _length;
        Attribute((ushort)(type | NetlinkH.NLA_F_NESTED), 0);
        return start;
    }

    public readonly void EndNested(int start)
    {
        ushort length = (ushort)(_length - start);
        MemoryMarshal.Write(_buffer[start..], in length);
    }

    /// <summary>A fixed struct: the family's header after the message's, or one that starts a nested attribute.</summary>
    public void PutFixed<T>(in T value)
        where T : unmanaged => MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in value);

    private void Put<T>(ushort type, T value)
        where T : unmanaged => MemoryMarshal.Write(Attribute(type, Unsafe.SizeOf<T>()), in value);

    private Span<byte> Attribute(ushort type, int size)
    {
        Span<byte> attribute = Take(AttributeHeaderSize + size);
        ushort length = (ushort)(AttributeHeaderSize + size);
        MemoryMarshal.Write(attribute, in length);
        MemoryMarshal.Write(attribute[sizeof(ushort)..], in type);
        return attribute[AttributeHeaderSize..];
    }

    private Span<byte> Take(int size)
    {
        int aligned = NetlinkAlignment.Align(size);
        if (aligned > _buffer.Length - _length)
        {
            throw new InvalidOperationException(
                $"build a netlink request: {_length + aligned} bytes do not fit a buffer of {_buffer.Length}");
        }

        Span<byte> taken = _buffer.Slice(_length, aligned);
        taken[size..].Clear();
        _length += aligned;
        return taken[..size];
    }
}
