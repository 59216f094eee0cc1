using System.Buffers.Binary;
using System.Text;

namespace Weft.Packets.Tests;

/// <summary>The bytes of the format; tests/EndToEnd has tshark read what 'weft trace' writes.</summary>
public sealed class PcapngWriterTests
{
    [Fact]
    public void Blocks_follow_each_other_with_their_length_at_both_ends_and_padded_values()
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, "weft");
        uint number = writer.AddInterface("eth0", "a pod's", isEthernet: true);
        writer.WritePacket(number, 0x0102030405060708, [1, 2, 3], 1500, "dropped");

        List<(uint Type, byte[] Body)> blocks = Read(file.ToArray());

        Assert.Equal([0x0a0d0d0au, 1u, 6u], blocks.Select(block => block.Type));
        Assert.Equal(0x1a2b3c4du, BinaryPrimitives.ReadUInt32LittleEndian(blocks[0].Body));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(blocks[1].Body));
        byte[] packet = blocks[2].Body;
        Assert.Equal([0u, 0x01020304u, 0x05060708u, 3u, 1500u], Enumerable.Range(0, 5).Select(index => BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(4 * index))));
        Assert.Equal([1, 2, 3, 0], packet[20..24]);
        Assert.Equal([1, 0, 7, 0], packet[24..28]);
        Assert.Equal("dropped", Encoding.UTF8.GetString(packet[28..35]));
    }

    [Fact]
    public void A_packet_is_never_shorter_than_what_was_captured_of_it()
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, "weft");
        writer.WritePacket(writer.AddInterface("if", "", isEthernet: false), 0, new byte[64], 10);

        Assert.Equal(64u, BinaryPrimitives.ReadUInt32LittleEndian(Read(file.ToArray())[2].Body.AsSpan(16)));
    }

    private static List<(uint Type, byte[] Body)> Read(byte[] file)
    {
        List<(uint, byte[])> blocks = [];
        for (int at = 0; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            Assert.Equal(0, length % 4);
            Assert.Equal(length, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + length - 4)));
            blocks.Add((BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)), file[(at + 8)..(at + length - 4)]));
            at += length;
        }

        return blocks;
    }
}
