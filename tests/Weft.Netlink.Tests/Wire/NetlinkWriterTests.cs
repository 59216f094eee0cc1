using System.Net;
using Weft.Linux;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Tests.Wire;

public class NetlinkWriterTests
{
    [Fact]
    public void Every_kind_of_attribute_reads_back()
    {
        NetlinkWriter writer = new(Dirty(512), 16, 0);
        writer.PutByte(1, 0x11);
        writer.PutUInt16(2, 0x2122);
        writer.PutUInt32(3, 0x31323334);
        writer.PutUInt16BigEndian(4, 0x4142);
        writer.PutUInt64BigEndian(5, 0x5152535455565758);
        writer.PutText(6, "größe");
        writer.PutIPAddress(7, IPAddress.Parse("10.0.1.180"));
        writer.PutIPAddress(8, IPAddress.Parse("fd00::b4"));
        writer.PutHardwareAddress(9, new HardwareAddress(0x0a1b2c3d4e5f));
        writer.PutFlag(10);
        List<string> read = [];
        NetlinkReader reader = Attributes(writer.Finish());
        while (reader.TryRead(out NetlinkAttribute attribute))
        {
            read.Add(attribute.Type switch
            {
                1 => $"{attribute.AsByte():x}",
                2 => $"{attribute.AsUInt16():x}",
                3 => $"{attribute.AsUInt32():x}",
                4 => $"{attribute.AsUInt16BigEndian():x}",
                5 => $"{attribute.AsUInt64BigEndian():x}",
                6 => attribute.AsText(),
                7 or 8 => $"{attribute.AsIPAddress()}",
                9 => $"{attribute.AsHardwareAddress()}",
                _ => $"{attribute.Payload.Length}",
            });
        }

        Assert.Equal(
            ["11", "2122", "31323334", "4142", "5152535455565758", "größe", "10.0.1.180", "fd00::b4", "0a:1b:2c:3d:4e:5f", "0"], read);
    }

    [Fact]
    public void Nested_attributes_hold_what_was_put_between()
    {
        NetlinkWriter writer = new(Dirty(128), 16, 0);
        int outer = writer.BeginNested(1);
        int inner = writer.BeginNested(2);
        writer.PutByte(3, 7);
        writer.EndNested(inner);
        writer.PutByte(4, 8);
        writer.EndNested(outer);
        writer.PutByte(5, 9);

        NetlinkReader top = Attributes(writer.Finish());
        Assert.True(top.TryRead(out NetlinkAttribute first));
        Assert.True(top.TryRead(out NetlinkAttribute last));
        NetlinkReader middle = first.Nested;
        Assert.True(middle.TryRead(out NetlinkAttribute nested));
        Assert.True(middle.TryRead(out NetlinkAttribute sibling));
        Assert.True(nested.Nested.TryRead(out NetlinkAttribute deep));
        Assert.Equal((1, 2, 3, 4, 5), (first.Type, nested.Type, deep.Type, sibling.Type, last.Type));
        Assert.Equal((7, 8, 9), (deep.AsByte(), sibling.AsByte(), last.AsByte()));
    }

    [Fact]
    public void Pads_are_zero_even_in_a_dirty_buffer()
    {
        NetlinkWriter writer = new(Dirty(64), 16, 0);
        writer.PutByte(1, 0xaa);

        Assert.Equal([5, 0, 1, 0, 0xaa, 0, 0, 0], writer.Finish()[16..].ToArray());
    }

    [Fact]
    public void Buffer_that_is_too_small_is_told()
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            NetlinkWriter writer = new(new byte[24], 16, 0);
            writer.PutText(1, "twelve bytes");
        });
    }

    private static byte[] Dirty(int size) => [.. Enumerable.Repeat((byte)0xcc, size)];

    private static NetlinkReader Attributes(Span<byte> message)
    {
        NetlinkMessages messages = new(message);
        Assert.True(messages.TryRead(out NetlinkMessage only));
        Assert.False(messages.TryRead(out _));
        return new NetlinkReader(only.Payload);
    }
}
