using Weft.Abi;
using Weft.Packets;

namespace Datapath.Harness;

/// <summary>Keys of conntrack, seen from the local pod.</summary>
internal static class Flow
{
    public static ConntrackKey Udp(Pod local, Pod remote, ushort localPort, ushort remotePort) =>
        Of(local, remote, IPProtocol.Udp, localPort, remotePort);

    public static ConntrackKey Tcp(Pod local, Pod remote, ushort localPort, ushort remotePort) =>
        Of(local, remote, IPProtocol.Tcp, localPort, remotePort);

    /// <summary>A ping: the side that asks has its identifier as port, the other 0.</summary>
    public static ConntrackKey Echo(Pod local, Pod remote, ushort localId, ushort remoteId) =>
        Of(local, remote, IPProtocol.Icmpv4, localId, remoteId);

    private static ConntrackKey Of(Pod local, Pod remote, IPProtocol protocol, ushort localPort, ushort remotePort) => new()
    {
        Local = local.Key,
        Remote = remote.Key,
        LocalPort = localPort,
        RemotePort = remotePort,
        Proto = (byte)protocol,
    };
}
