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

    [Fact]
    public void A_direction_follows_the_comment_as_an_option()
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, "weft");
        writer.WritePacket(writer.AddInterface("if", "", isEthernet: true, snapLength: 60), 0, [1, 2, 3, 4], 4, "c", PcapngDirection.Outbound);

        List<(uint Type, byte[] Body)> blocks = Read(file.ToArray());
        Assert.Equal(60u, BinaryPrimitives.ReadUInt32LittleEndian(blocks[1].Body.AsSpan(4)));
        Assert.Equal([1, 0, 1, 0, (byte)'c', 0, 0, 0, 2, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0], blocks[2].Body[24..]);
    }

    [Fact]
    public void Statistics_say_how_many_packets_an_interface_had_and_how_many_are_missing()
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, "weft");
        writer.WriteStatistics(writer.AddInterface("if", "", isEthernet: true), 0x0102030405060708, 12, 5);

        (uint type, byte[] body) = Read(file.ToArray())[2];
        Assert.Equal(5u, type);
        Assert.Equal([0u, 0x01020304u, 0x05060708u], Enumerable.Range(0, 3).Select(index => BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(4 * index))));
        Assert.Equal([4, 0, 8, 0, 12, 0, 0, 0, 0, 0, 0, 0, 5, 0, 8, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], body[12..]);
    }

    [Fact]
    public void Names_are_records_of_an_address_and_a_text_that_ends_with_zero()
    {
        using MemoryStream file = new();
        PcapngWriter writer = new(file, "weft");
        writer.WriteNames([KeyValuePair.Create(System.Net.IPAddress.Parse("10.0.0.1"), "ns/a")]);

        (uint type, byte[] body) = Read(file.ToArray())[1];
        Assert.Equal(4u, type);
        Assert.Equal([1, 0, 9, 0, 10, 0, 0, 1, .. "ns/a"u8.ToArray(), 0, 0, 0, 0, 0, 0, 0, 0], body);
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
