using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>A TCP header.</summary>
public sealed record TcpLayer(ushort SourcePort, ushort DestinationPort, TcpFlags Flags) : PacketLayer
{
    public uint Sequence { get; init; }

    public uint Acknowledgment { get; init; }

    public ushort Window { get; init; } = 64240;

    public ushort UrgentPointer { get; init; }

    /// <summary>A multiple of four bytes, at most 40.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Overrides the right checksum: for packets that lie, or left to offload.</summary>
    public ushort? Checksum { get; init; }

    internal override int Length => TcpHeader.MinSize + Options.Length;

    internal override IPProtocol Protocol => IPProtocol.Tcp;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        if (Options.Length % 4 != 0 || Options.Length > 40)
        {
            throw new InvalidOperationException($"TCP options have {Options.Length} bytes: they need a multiple of 4, at most 40");
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Acknowledgment);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], (ushort)(Length / 4 << 12 | (ushort)Flags));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[18..], UrgentPointer);
        Options.Span.CopyTo(bytes[TcpHeader.MinSize..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], Checksum ?? TransportChecksum(outer, IPProtocol.Tcp, bytes));
    }
}
