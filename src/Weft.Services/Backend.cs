using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Where a connection to a service can be led: a pod's port, whichever services lead to it.</summary>
/// <remarks>The order is that of the bytes of <see cref="WriteTo"/>, which is the same on every node.</remarks>
public readonly record struct Backend(IPAddress Address, ushort Port, TransportProtocol Protocol) : IComparable<Backend>
{
    /// <summary>Bytes of <see cref="WriteTo"/>.</summary>
    public const int Length = 19;

    /// <summary>Address in 16 bytes (IPv4 mapped), port in network order, protocol.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        (Address.AddressFamily == AddressFamily.InterNetwork ? Address.MapToIPv6() : Address).TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], Port);
        bytes[18] = (byte)Protocol;
    }

    public int CompareTo(Backend other)
    {
        Span<byte> one = stackalloc byte[Length];
        Span<byte> two = stackalloc byte[Length];
        WriteTo(one);
        other.WriteTo(two);
        return one.SequenceCompareTo(two);
    }

    public static bool operator <(Backend left, Backend right) => left.CompareTo(right) < 0;
    public static bool operator >(Backend left, Backend right) => left.CompareTo(right) > 0;
    public static bool operator <=(Backend left, Backend right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Backend left, Backend right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{AddressPort.Text(Address, Port)}/{Protocol.ToText()}";
}
