using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Weft.Abi.Tests;

public class ValueTests
{
    [Fact]
    public void Big_endian_numbers_lie_in_memory_in_the_order_of_the_wire()
    {
        Assert.Equal([0x12, 0x34], Bytes(new Be16(0x1234)));
        Assert.Equal([0x12, 0x34, 0x56, 0x78], Bytes(new Be32(0x12345678)));
        Assert.Equal(0x1234, new Be16(0x1234).Value);
        Assert.Equal("8472", ((Be16)8472).ToString());
        Assert.Equal(0x12345678u, (uint)new Be32(0x12345678));
    }

    [Fact]
    public void IPv4_is_stored_v4_mapped_and_comes_back_as_IPv4()
    {
        var address = WeftAddress.Parse("10.0.1.180");
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 1, 180], Bytes(address));
        Assert.True(address.IsIPv4);
        Assert.Equal(0x0a0001b4u, address.IPv4);
        Assert.Equal(address, WeftAddress.FromIPv4(0x0a0001b4));
        Assert.Equal(address, WeftAddress.Parse("::ffff:10.0.1.180"));
        Assert.Equal(IPAddress.Parse("10.0.1.180"), address.ToIPAddress());
        Assert.Equal("10.0.1.180", address.ToString());
    }

    [Fact]
    public void IPv6_is_stored_as_it_is()
    {
        byte[] bytes = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        var address = new WeftAddress(bytes);
        Assert.Equal(bytes, Bytes(address));
        Assert.False(address.IsIPv4);
        Assert.Equal(new IPAddress(bytes), address.ToIPAddress());
        Assert.Equal(address, WeftAddress.From(new IPAddress(bytes)));
        byte[] copy = new byte[16];
        address.CopyTo(copy);
        Assert.Equal(bytes, copy);
    }

    [Fact]
    public void All_zero_is_none()
    {
        Assert.True(default(WeftAddress).IsNone);
        Assert.False(WeftAddress.Parse("0.0.0.0").IsNone);
        Assert.False(WeftAddress.TryParse("10.0.0.", out WeftAddress address) || !address.IsNone);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(17)]
    public void An_address_of_another_length_is_refused(int length) => Assert.Throws<ArgumentException>(() => new WeftAddress(new byte[length]));

    [Fact]
    public void A_mac_address_survives_text_bytes_and_the_framework()
    {
        Assert.True(WeftMac.TryParse("FE:55:fa:02:ee:e5", out WeftMac mac));
        Assert.Equal([0xfe, 0x55, 0xfa, 0x02, 0xee, 0xe5], Bytes(mac));
        Assert.Equal("fe:55:fa:02:ee:e5", mac.ToString());
        Assert.Equal(mac, WeftMac.FromPhysicalAddress(mac.ToPhysicalAddress()));
        Assert.False(mac.IsZero);
        Assert.True(default(WeftMac).IsZero);
        Assert.Throws<ArgumentException>(() => WeftMac.FromPhysicalAddress(new PhysicalAddress([1, 2])));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("fe:55:fa:02:ee")]
    [InlineData("fe-55-fa-02-ee-e5")]
    [InlineData("fe55.fa02.eee5xxx")]
    public void What_is_not_six_pairs_is_not_a_mac_address(string? text) => Assert.False(WeftMac.TryParse(text, out _));

    [Fact]
    public void Metrics_are_indexed_by_reason_and_direction()
    {
        Assert.Equal(132u << 2 | 1, MetricValue.IndexOf(DropReason.InvalidSourceIP, MetricDirection.Ingress));
        Assert.Equal((DropReason.InvalidSourceIP, MetricDirection.Ingress), MetricValue.FromIndex(132 << 2 | 1));
    }

    private static byte[] Bytes<T>(T value)
        where T : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
