namespace Weft.Packets.Tests;

public class InternetChecksumTests
{
    [Fact]
    public void Agrees_with_adding_one_word_at_a_time()
    {
        var random = new Random(1071);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(Naive(bytes), InternetChecksum.Compute(bytes));
        }
    }

    [Fact]
    public void Does_not_overflow_on_the_longest_packet_of_ones()
    {
        byte[] bytes = new byte[65535];
        bytes.AsSpan().Fill(0xff);
        Assert.Equal(Naive(bytes), InternetChecksum.Compute(bytes));
    }

    [Fact]
    public void Of_the_example_in_RFC_1071_is_the_complement_of_its_sum() =>
        Assert.Equal(unchecked((ushort)~0xddf2), InternetChecksum.Compute([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));

    [Fact]
    public void With_a_pseudo_header_is_that_of_the_header_written_out()
    {
        byte[] segment = [1, 2, 3, 4, 5, 6, 7];
        byte[] written = [10, 0, 1, 180, 10, 0, 0, 23, 0, 17, 0, 7, .. segment];
        ushort checksum = InternetChecksum.Compute(
            IPv4Address.Parse("10.0.1.180"), IPv4Address.Parse("10.0.0.23"), IPProtocol.Udp, segment);
        Assert.Equal(Naive(written), checksum);
    }

    private static ushort Naive(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? (uint)bytes[i] << 8 : bytes[i];
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
