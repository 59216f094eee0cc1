using System.Buffers.Binary;
using Weft.Linux.Filters;

namespace Weft.Linux.Tests;

public sealed class PcapFilterTests
{
    private const ushort ReturnConstant = 0x06;

    [Fact]
    public void An_expression_becomes_instructions_of_eight_bytes_that_end_by_returning()
    {
        byte[] code = PcapFilter.Compile("icmp and host 10.0.0.1");

        Assert.True(code.Length > 0 && code.Length % 8 == 0);
        Assert.Equal(ReturnConstant, BinaryPrimitives.ReadUInt16LittleEndian(code.AsSpan(code.Length - 8)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("arp")]
    [InlineData("ether host 02:00:00:00:00:01")]
    public void What_is_on_a_link_can_be_asked_for_and_nothing_is_everything(string expression) => Assert.NotEmpty(PcapFilter.Compile(expression));

    [Theory]
    [InlineData("hst 1")]
    [InlineData("port")]
    public void What_cannot_be_read_is_told_with_the_expression(string expression)
    {
        PcapFilterException error = Assert.Throws<PcapFilterException>(() => PcapFilter.Compile(expression));

        Assert.StartsWith($"read filter '{expression}': ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_may_compile_at_once()
    {
        byte[] expected = PcapFilter.Compile("tcp port 80 or udp port 53");

        Parallel.For(0, 200, _ => Assert.Equal(expected, PcapFilter.Compile("tcp port 80 or udp port 53")));
    }
}
