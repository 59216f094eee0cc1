using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>A VXLAN header; an Ethernet frame follows.</summary>
public sealed record VxlanLayer(uint Vni) : PacketLayer
{
    /// <summary>0x08 says that the VNI is valid.</summary>
    public byte Flags { get; init; } = 0x08;

    internal override int Length => VxlanHeader.Size;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        bytes[0] = Flags;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Vni << 8);
    }
}
