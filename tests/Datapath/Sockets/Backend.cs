using System.Net;
using System.Net.Sockets;
using Weft.Abi;

namespace Datapath.Sockets;

/// <summary>An actor: a server of TCP and UDP that says its number.</summary>
internal sealed record Backend(byte Number)
{
    public const int Port = 8080;

    public static readonly Backend One = new(1);
    public static readonly Backend Two = new(2);
    public static readonly Backend Three = new(3);

    public static IReadOnlyList<Backend> All { get; } = [One, Two, Three];

    public IPAddress Address => IPAddress.Parse($"10.0.0.{10 + Number}");

    public IPAddress Address6 => IPAddress.Parse($"fd00::{10 + Number}");

    /// <summary>Of its entry for this protocol and family in weft_backends.</summary>
    public uint IdOf(ProtocolType protocol, AddressFamily family) =>
        Number * 10u + (protocol == ProtocolType.Udp ? 1u : 0u) + (family == AddressFamily.InterNetworkV6 ? 2u : 0u);

    public IPEndPoint EndPoint(AddressFamily family) => new(family == AddressFamily.InterNetwork ? Address : Address6, Port);

    public BackendValue Value(ProtocolType protocol, AddressFamily family) => new()
    {
        Addr = WeftAddress.From(EndPoint(family).Address),
        Port = Port,
        Proto = (byte)protocol,
    };
}
