using System.Net.NetworkInformation;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>An Ethernet address as it lies in the datapath's structs: six bytes, no padding.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct WeftMac
{
    public const int Size = 6;

    private readonly byte _0, _1, _2, _3, _4, _5;

    /// <param name="bytes">At least six bytes, in the order of the wire.</param>
    public WeftMac(ReadOnlySpan<byte> bytes)
    {
        this = MemoryMarshal.Read<WeftMac>(bytes);
    }

    public bool IsZero => (_0 | _1 | _2 | _3 | _4 | _5) == 0;

    /// <summary>Reads <c>aa:bb:cc:dd:ee:ff</c>, in either case.</summary>
    public static bool TryParse(string? text, out WeftMac mac)
    {
        mac = default;
        if (text is not { Length: 17 } || text.Contains('-', StringComparison.Ordinal)
            || !PhysicalAddress.TryParse(text, out PhysicalAddress? address))
        {
            return false;
        }

        mac = FromPhysicalAddress(address);
        return true;
    }

    public static WeftMac FromPhysicalAddress(PhysicalAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == Size
            ? new WeftMac(bytes)
            : throw new ArgumentException($"'{address}' is not an Ethernet address: it has {bytes.Length} bytes, not 6");
    }

    public PhysicalAddress ToPhysicalAddress() => new(Bytes().ToArray());

    /// <summary>Writes the six bytes in the order of the wire.</summary>
    public void CopyTo(Span<byte> destination) => Bytes().CopyTo(destination);

    /// <summary>Lower case with colons; tools that print <c>AA:BB</c> convert it themselves.</summary>
    public override string ToString() => $"{_0:x2}:{_1:x2}:{_2:x2}:{_3:x2}:{_4:x2}:{_5:x2}";

    [UnscopedRef]
    private ReadOnlySpan<byte> Bytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<WeftMac>(in this));
}
