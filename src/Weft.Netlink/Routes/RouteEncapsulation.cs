using System.Net;
using Weft.Linux;

namespace Weft.Netlink.Routes;

/// <summary>Light-weight tunnel of a route: what is attached to each packet that takes it.</summary>
public abstract record RouteEncapsulation
{
    private RouteEncapsulation()
    {
    }

    /// <summary>A tunnel key (<c>encap ip id … dst …</c>) for an external VXLAN device to build the outer header from.</summary>
    /// <param name="Id">VNI.</param>
    /// <param name="Destination">Outer destination, IPv4.</param>
    public sealed record Ip(ulong Id, IPAddress Destination) : RouteEncapsulation
    {
        public IPAddress? Source { get; init; }

        public byte? Ttl { get; init; }

        public byte? TypeOfService { get; init; }
    }

    /// <summary>A program run on transmission (<c>encap bpf xmit</c>). Of what is set the kernel reports the name only.</summary>
    /// <param name="Name">At most 255 bytes; the kernel shows it in place of the descriptor.</param>
    /// <param name="Program">Of type LWT_XMIT; null in what is read back.</param>
    /// <param name="Headroom">Bytes to keep free before the packet, at most 256.</param>
    public sealed record BpfTransmit(string Name, FileDescriptor? Program, uint Headroom = 0) : RouteEncapsulation;
}
