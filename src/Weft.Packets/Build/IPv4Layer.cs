using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An IPv4 header; protocol, lengths and checksum follow from the rest of the packet unless given.</summary>
public sealed record IPv4Layer(IPv4Address Source, IPv4Address Destination) : PacketLayer
{
    public byte TypeOfService { get; init; }

    public ushort Id { get; init; }

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    /// <summary>In units of eight bytes.</summary>
    public ushort FragmentOffset { get; init; }

    public byte TimeToLive { get; init; } = 64;

    /// <summary>Overrides what the next layer says: for fragments, and for packets that lie.</summary>
    public IPProtocol? ProtocolOverride { get; init; }

    /// <summary>Overrides the true length: for packets that lie.</summary>
    public ushort? TotalLength { get; init; }

    /// <summary>Overrides the right checksum: for packets that lie.</summary>
    public ushort? Checksum { get; init; }

    /// <summary>A multiple of four bytes, at most 40.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    internal override int Length => IPv4Header.MinSize + Options.Length;

    internal override EtherType EtherType => EtherType.IPv4;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        if (Options.Length % 4 != 0 || Options.Length > 40)
        {
            throw new InvalidOperationException($"IPv4 options have {Options.Length} bytes: they need a multiple of 4, at most 40");
        }

        bytes[0] = (byte)(0x40 | Length / 4);
        bytes[1] = TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], TotalLength ?? (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], Id);
        int flags = (DontFragment ? 0x4000 : 0) | (MoreFragments ? 0x2000 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(flags | FragmentOffset));
        bytes[8] = TimeToLive;
        bytes[9] = (byte)(ProtocolOverride ?? inner?.Protocol ?? IPProtocol.NoNextHeader);
        Source.CopyTo(bytes[12..]);
        Destination.CopyTo(bytes[16..]);
        Options.Span.CopyTo(bytes[IPv4Header.MinSize..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], Checksum ?? InternetChecksum.Compute(bytes[..Length]));
    }
}
