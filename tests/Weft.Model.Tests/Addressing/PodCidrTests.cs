using System.Net;
using Weft.Model.Addressing;

namespace Weft.Model.Tests.Addressing;

public sealed class PodCidrTests
{
    [Theory]
    [InlineData("10.0.1.0/24", 254, "10.0.1.1", "10.0.1.254")]
    [InlineData("10.0.0.0/16", 65534, "10.0.0.1", "10.0.255.254")]
    [InlineData("10.0.0.0/30", 2, "10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.0/31", 2, "10.0.0.0", "10.0.0.1")]
    [InlineData("fd00:1::/120", 255, "fd00:1::1", "fd00:1::ff")]
    [InlineData("fd00::/127", 2, "fd00::", "fd00::1")]
    public void Network_and_broadcast_are_left_alone(string text, int usable, string first, string last)
    {
        PodCidr cidr = PodCidr.Parse(text);

        Assert.Equal((UInt128)usable, cidr.UsableCount);
        Assert.Equal(IPAddress.Parse(first), cidr.AddressAt(cidr.FirstUsable));
        Assert.Equal(IPAddress.Parse(last), cidr.AddressAt(cidr.LastUsable));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.1.0")]
    [InlineData("10.0.1.1/24")]
    [InlineData("10.0.1.0/33")]
    [InlineData("10.0.1.0/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.1/24")]
    [InlineData("fd00::/63")]
    [InlineData("fd00::/128")]
    [InlineData("10.0.1.0/24 ")]
    public void What_is_no_range_or_too_small_or_too_large_is_refused(string? text)
    {
        Assert.False(PodCidr.TryParse(text, out _, out string? error));
        Assert.Contains("pod CIDR", error);
    }

    [Fact]
    public void Offsets_and_addresses_are_inverse()
    {
        foreach (PodCidr cidr in new[] { PodCidr.Parse("10.0.1.0/24"), PodCidr.Parse("fd00:0:0:1::/64") })
        {
            foreach (UInt128 offset in new[] { UInt128.Zero, UInt128.One, (UInt128)180, cidr.Size - 1 })
            {
                Assert.Equal(offset, cidr.OffsetOf(cidr.AddressAt(offset)));
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => cidr.AddressAt(cidr.Size));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => PodCidr.Parse("10.0.1.0/24").OffsetOf(IPAddress.Parse("10.0.2.0")));
    }

    [Fact]
    public void A_mapped_address_is_in_no_ipv4_range()
    {
        Assert.False(PodCidr.Parse("10.0.1.0/24").Contains(IPAddress.Parse("::ffff:10.0.1.5")));
    }

    [Theory]
    [InlineData("10.0.0.0/16", "10.0.1.0/24", true)]
    [InlineData("10.0.1.0/24", "10.0.0.0/16", true)]
    [InlineData("10.0.1.0/24", "10.0.1.0/24", true)]
    [InlineData("10.0.1.0/24", "10.0.2.0/24", false)]
    [InlineData("10.0.1.0/24", "fd00::/64", false)]
    public void Overlap_is_found_both_ways(string one, string two, bool overlap)
    {
        Assert.Equal(overlap, PodCidr.Parse(one).Overlaps(PodCidr.Parse(two)));
    }
}
