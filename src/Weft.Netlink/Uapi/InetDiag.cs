// include/uapi/linux/inet_diag.h
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Netlink.Uapi;

/// <summary>struct inet_diag_sockid: ports and addresses in network order; of an IPv4 socket the first four bytes of each address.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct InetDiagSockId
{
    public ushort SourcePort;
    public ushort DestinationPort;
    public InetDiagAddress Source;
    public InetDiagAddress Destination;
    public uint IfIndex;
    public uint CookieLow;
    public uint CookieHigh;
}

[InlineArray(16)]
internal struct InetDiagAddress
{
    private byte _first;
}

/// <summary>struct inet_diag_req_v2: a dump or SOCK_DESTROY.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct InetDiagRequest
{
    public byte Family;
    public byte Protocol;
    public byte Extensions;
    public byte Pad;

    /// <summary>A bit for each state; those wanted of a dump.</summary>
    public uint States;
    public InetDiagSockId Id;
}

/// <summary>struct inet_diag_msg: starts each answer of a dump.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct InetDiagMessage
{
    public byte Family;
    public byte State;
    public byte Timer;
    public byte Retransmissions;
    public InetDiagSockId Id;
    public uint Expires;
    public uint ReceiveQueue;
    public uint SendQueue;
    public uint UserId;
    public uint Inode;
}
