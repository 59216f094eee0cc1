using System.Net;
using Weft.Control.Ipam;
using Weft.Model.Addressing;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Ipam;

public sealed class AddressPoolsTests
{
    private static readonly IPAddress s_address6 = IPAddress.Parse("fd00:10:0:1::5");

    private readonly AddressPools _both = new(Pool("10.0.1.0/24"), Pool("fd00:10:0:1::/64"));
    private readonly AddressPools _one = new(Pool("10.0.1.0/24"), null);

    [Fact]
    public void An_address_is_claimed_from_and_freed_in_the_pool_of_its_family()
    {
        _both.Claim(s_address6, "web");

        Assert.Equal("web", _both.IPv6!.Find(s_address6)!.Owner);
        Assert.Equal(0, _both.IPv4.Used);
        Assert.True(_both.Release(s_address6));
        Assert.False(_both.Release(s_address6));
    }

    [Fact]
    public void A_reservation_becomes_its_owners_and_nobody_elses()
    {
        IPAddress reserved = _both.IPv6!.Allocate("web", TimeSpan.FromMinutes(1));

        Assert.Throws<AddressPoolException>(() => _both.Claim(reserved, "other"));
        _both.Claim(reserved, "web");
        Assert.False(_both.IPv6.Find(reserved)!.IsReservation);
    }

    [Fact]
    public void Without_ipv6_asking_for_it_says_how_to_get_it()
    {
        AddressPoolException error = Assert.Throws<AddressPoolException>(() => _one.Claim(s_address6, "web"));

        Assert.Contains("no IPv6", error.Message, StringComparison.Ordinal);
        Assert.Contains("--node-ip", error.Message, StringComparison.Ordinal);
        Assert.False(_one.Release(s_address6));
    }

    private static AddressPool Pool(string cidr) => new(PodCidr.Parse(cidr), null, new ManualClock());
}
