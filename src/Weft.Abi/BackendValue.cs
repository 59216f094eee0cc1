using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_backends</c> (by id, never 0). It stays while flows may have it.</summary>
[BtfStruct("weft_backend")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct BackendValue
{
    public WeftAddress Addr;
    public Be16 Port;

    /// <summary>IPPROTO_TCP or IPPROTO_UDP.</summary>
    public byte Proto;

    private readonly byte _pad;
}
