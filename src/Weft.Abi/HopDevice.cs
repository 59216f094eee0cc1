using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Abi;

/// <summary>Name of a device, zero-filled: key of map <c>weft_hop_devices</c>.</summary>
[BtfStruct("weft_hop_device", Opaque = true)]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct HopDevice
{
    private readonly ulong _first;
    private readonly ulong _last;

    private HopDevice(ReadOnlySpan<byte> name)
    {
        _first = MemoryMarshal.Read<ulong>(name);
        _last = MemoryMarshal.Read<ulong>(name[sizeof(ulong)..]);
    }

    /// <exception cref="ArgumentException">No device can have that name: it is longer than 15 bytes.</exception>
    public static HopDevice Named(string name)
    {
        Span<byte> bytes = stackalloc byte[HopEvent.NameLength];
        bytes.Clear();
        return Encoding.UTF8.TryGetBytes(name, bytes[..^1], out _)
            ? new HopDevice(bytes)
            : throw new ArgumentException($"'{name}' is longer than a name of a device", nameof(name));
    }
}
