using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_affinity</c>: a client of a service.</summary>
[BtfStruct("weft_affinity_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct AffinityKey
{
    /// <summary>Or, with <see cref="ByCookie"/>, the cookie of a network namespace in the first 8 bytes, in host order.</summary>
    public WeftAddress Client;

    public uint ServiceId;
    public byte ByCookie;
    private readonly byte _pad0;
    private readonly ushort _pad1;
}
