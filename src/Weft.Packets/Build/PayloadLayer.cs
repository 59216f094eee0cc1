namespace Weft.Packets.Build;

/// <summary>Bytes that are taken as they are: data, a quoted packet, or a whole frame inside a tunnel.</summary>
public sealed record PayloadLayer(ReadOnlyMemory<byte> Bytes) : PacketLayer
{
    internal override int Length => Bytes.Length;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner) => Bytes.Span.CopyTo(bytes);
}
