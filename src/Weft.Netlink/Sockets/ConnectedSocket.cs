using System.Net;
using System.Net.Sockets;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Sockets;

/// <summary>A TCP or UDP socket that has another end, as the kernel lists it.</summary>
public sealed record ConnectedSocket
{
    public required ProtocolType Protocol { get; init; }

    /// <summary>IPv4 also where an IPv6 socket has a v4-mapped address.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>IPv4 also where an IPv6 socket has a v4-mapped address.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>The socket's number, as BPF programs know it; never reused while the machine runs.</summary>
    public required ulong Cookie { get; init; }

    /// <summary>AF_*, and the kernel's own way to say which socket.</summary>
    internal byte Family { get; init; }

    internal InetDiagSockId Id { get; init; }

    public override string ToString() => $"{Protocol} {Local} -> {Remote}";
}
