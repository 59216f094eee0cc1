using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct nfgenmsg (nfnetlink.h): starts every message of nfnetlink.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct NfGenMsg
{
    public byte Family;
    public byte Version;

    /// <summary>Network order; of a batch's ends the subsystem.</summary>
    public ushort ResourceId;
}
