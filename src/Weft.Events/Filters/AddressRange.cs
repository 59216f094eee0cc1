using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weft.Packets;

namespace Weft.Events;

/// <summary>Addresses of one prefix, those of IPv4 as IPv6-mapped, so that a packet's address is compared without taking memory.</summary>
public readonly record struct AddressRange
{
    private const int MappedBits = 96;

    private readonly UInt128 _first;
    private readonly UInt128 _mask;
    private readonly IPNetwork _network;

    public AddressRange(IPNetwork network)
    {
        bool isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        int length = network.PrefixLength + (isIPv4 ? MappedBits : 0);
        _mask = length == 0 ? 0 : UInt128.MaxValue << (128 - length);
        _first = Number(network.BaseAddress) & _mask;
        _network = network;
    }

    public bool Contains(IPv4Address address) => Contains(Mapped(address.Value));

    public bool Contains(IPv6Address address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Address.Size];
        address.CopyTo(bytes);
        return Contains(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>As a prefix: <c>10.0.0.0/8</c>.</summary>
    public override string ToString() => _network.ToString();

    private bool Contains(UInt128 address) => (address & _mask) == _first;

    private static UInt128 Mapped(uint address) => ((UInt128)0xffff << 32) | address;

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Address.Size];
        address.TryWriteBytes(bytes, out int length);
        return length == IPv4Address.Size ? Mapped(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
