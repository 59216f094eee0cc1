using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Linux;

namespace Weft.Netlink.Wire;

/// <summary>One attribute. A view, valid while the message's buffer is.</summary>
/// <remarks>
/// The typed reads give the type's default for a payload that is too short: the kernel sends none such, and garbage shall not throw.
/// </remarks>
public readonly ref struct NetlinkAttribute(ushort type, ReadOnlySpan<byte> payload)
{
    /// <summary>Number within its parent, without NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    public ushort Type { get; } = type;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public NetlinkReader Nested => new(Payload);

    public byte AsByte() => Payload.IsEmpty ? (byte)0 : Payload[0];

    public bool AsBool() => AsByte() != 0;

    public ushort AsUInt16() => As<ushort>();

    public uint AsUInt32() => As<uint>();

    public int AsInt32() => As<int>();

    public ulong AsUInt64() => As<ulong>();

    public ushort AsUInt16BigEndian() => BinaryPrimitives.TryReadUInt16BigEndian(Payload, out ushort value) ? value : (ushort)0;

    public uint AsUInt32BigEndian() => BinaryPrimitives.TryReadUInt32BigEndian(Payload, out uint value) ? value : 0;

    public ulong AsUInt64BigEndian() => BinaryPrimitives.TryReadUInt64BigEndian(Payload, out ulong value) ? value : 0;

    public IfIndex AsIfIndex() => new(AsInt32());

    /// <summary>Up to the first zero byte.</summary>
    public string AsText()
    {
        int end = Payload.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Payload : Payload[..end]);
    }

    /// <returns>Null unless the payload has the length of an IPv4 or IPv6 address.</returns>
    public IPAddress? AsIPAddress() => Payload.Length is 4 or 16 ? new IPAddress(Payload) : null;

    /// <returns>Null unless the payload has the length of an Ethernet address: tunnels have others.</returns>
    public HardwareAddress? AsHardwareAddress() =>
        Payload.Length == HardwareAddress.Length ? HardwareAddress.FromBytes(Payload) : null;

    internal T As<T>()
        where T : unmanaged => Payload.Length >= Unsafe.SizeOf<T>() ? MemoryMarshal.Read<T>(Payload) : default;

    /// <summary>A struct that newer kernels lengthen and older ones shorten: missing bytes read as zero.</summary>
    internal T AsGrowing<T>()
        where T : unmanaged
    {
        T value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        Payload[..Math.Min(bytes.Length, Payload.Length)].CopyTo(bytes);
        return value;
    }
}
