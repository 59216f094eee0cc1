using Weft.Netlink.Wire;

namespace Weft.Netlink.Tests.Wire;

public class NetlinkReaderTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0500", 0)]
    [InlineData("03000100", 0)] // shorter than its own header
    [InlineData("05000100", 0)] // longer than what is there
    [InlineData("0400010005000200", 1)]
    [InlineData("0500010011", 1)] // the last one needs no pad
    [InlineData("0500010011000000040002", 1)]
    [InlineData("ffff0100", 0)]
    public void Walk_ends_where_an_attribute_does_not_fit(string hex, int expected)
    {
        NetlinkReader reader = new(Convert.FromHexString(hex));
        int count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        Assert.Equal(expected, count);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Marks_are_no_part_of_the_number()
    {
        NetlinkReader reader = new(Convert.FromHexString("04000780"));

        Assert.True(reader.TryRead(out NetlinkAttribute attribute));
        Assert.Equal(7, attribute.Type);
    }

    [Fact]
    public void Payload_that_is_too_short_reads_as_zero()
    {
        NetlinkAttribute attribute = new(1, new byte[] { 1 });

        Assert.Equal(0, attribute.AsUInt16());
        Assert.Equal(0u, attribute.AsUInt32());
        Assert.Equal(0ul, attribute.AsUInt64());
        Assert.Equal(0, attribute.AsUInt16BigEndian());
        Assert.Equal(0ul, attribute.AsUInt64BigEndian());
        Assert.Null(attribute.AsIPAddress());
        Assert.Null(attribute.AsHardwareAddress());
    }

    [Theory]
    [InlineData("0f000000" + "1000000000000000" + "00000000")] // length below the header's
    [InlineData("11000000" + "1000000000000000" + "00000000")] // length beyond the datagram
    [InlineData("ffffffff" + "1000000000000000" + "00000000")]
    [InlineData("10")]
    public void Message_that_does_not_fit_is_malformed(string hex)
    {
        NetlinkMessages messages = new(Convert.FromHexString(hex));

        Assert.False(messages.TryRead(out _));
        Assert.True(messages.IsMalformed);
    }
}
