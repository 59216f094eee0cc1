using System.Collections.Immutable;

namespace Weft.Linux.Packets;

/// <summary>What a packet socket receives.</summary>
public sealed record PacketSocketOptions
{
    /// <summary>Ethernet protocol; another one than <see cref="PacketSocket.ETH_P_ALL"/> leaves out frames that are sent.</summary>
    public ushort EtherType { get; init; } = PacketSocket.ETH_P_ALL;

    /// <summary>Classic BPF, run on each frame from its Ethernet header on; empty lets all pass.</summary>
    public ImmutableArray<PacketFilterInstruction> Filter { get; init; } = [];

    /// <summary>Receive frames to other addresses too, as long as the socket is open.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>
    /// Bytes of kernel memory for frames that wait to be received, past the system's limit if root; null is the system's default.
    /// </summary>
    public int? BufferSize { get; init; }
}
