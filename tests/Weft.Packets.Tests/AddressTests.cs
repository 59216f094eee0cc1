using System.Net;

namespace Weft.Packets.Tests;

public class AddressTests
{
    [Fact]
    public void IPv6_text_is_that_of_the_framework()
    {
        var random = new Random(5952);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            for (int group = 0; group < 8; group++)
            {
                if (random.Next(2) == 0)
                {
                    bytes.AsSpan(group * 2, random.Next(1, 3)).Clear();
                }
            }

            // The framework prints ::a.b.c.d (deprecated by RFC 4291) and ISATAP with dots; RFC 5952 does not.
            if (bytes.AsSpan(0, 8).ContainsAnyExcept((byte)0) && !(bytes[8] == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe))
            {
                Assert.Equal(new IPAddress(bytes).ToString(), IPv6Address.Read(bytes).ToString());
            }
        }
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("fe80::e417:acff:fe29:d7bf")]
    [InlineData("1:0:0:2::3")]
    [InlineData("1::2:0:0:3:4")]
    [InlineData("1:0:2:3:4:5:6:7")]
    [InlineData("::ffff:10.0.0.1")]
    public void IPv6_text_reads_back_as_itself(string text) => Assert.Equal(text, IPv6Address.Parse(text).ToString());

    [Theory]
    [InlineData("10.0.1")]
    [InlineData("10.0.1.256")]
    [InlineData("::1")]
    [InlineData("0x0a000001")]
    [InlineData("")]
    public void What_is_not_four_decimal_parts_is_not_an_IPv4_address(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => IPv4Address.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_IPv4_address_survives_text_bytes_and_the_framework()
    {
        var address = IPv4Address.Parse("1.2.3.4");
        byte[] bytes = new byte[4];
        address.CopyTo(bytes);
        Assert.Equal([1, 2, 3, 4], bytes);
        Assert.Equal(address, IPv4Address.Read(bytes));
        Assert.Equal(address, IPv4Address.From(address.ToIPAddress()));
        Assert.Equal("1.2.3.4", address.ToString());
    }

    [Fact]
    public void A_mac_address_survives_text_and_bytes()
    {
        var mac = MacAddress.Parse("01:23:45:67:89:aB");
        byte[] bytes = new byte[6];
        mac.CopyTo(bytes);
        Assert.Equal([0x01, 0x23, 0x45, 0x67, 0x89, 0xab], bytes);
        Assert.Equal("01:23:45:67:89:ab", mac.ToString());
        Assert.True(mac.IsGroup);
    }

    [Theory]
    [InlineData("01:23:45:67:89")]
    [InlineData("01-23-45-67-89-ab")]
    [InlineData("01:23:45:67:89:xy")]
    [InlineData(" 1:23:45:67:89:ab")]
    public void What_is_not_six_pairs_is_not_a_mac_address(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Text_that_does_not_fit_writes_nothing(int size)
    {
        Span<byte> small = stackalloc byte[size];
        Assert.False(IPv4Address.Parse("1.2.3.4").TryFormat(small, out int ipv4, default, null));
        Assert.False(IPv6Address.Parse("1:2:3:4::").TryFormat(small, out int ipv6, default, null));
        Assert.False(MacAddress.Broadcast.TryFormat(small, out int mac, default, null));
        Assert.Equal(0, ipv4 + ipv6 + mac);
    }
}
