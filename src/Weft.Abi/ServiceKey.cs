using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_services</c>: a frontend.</summary>
[BtfStruct("weft_service_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ServiceKey
{
    /// <summary>0.0.0.0 (v4-mapped) or ::: a NodePort, on every address of a node.</summary>
    public WeftAddress Addr;

    public Be16 Port;

    /// <summary>IPPROTO_TCP or IPPROTO_UDP.</summary>
    public byte Proto;

    private readonly byte _pad;
}
