using System.Net;
using Weft.Control.Ipam;
using Weft.Model.Addressing;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Ipam;

public sealed class AddressPoolTests
{
    private static readonly IPAddress s_pod = IPAddress.Parse("10.0.1.180");

    private readonly ManualClock _clock = new();
    private readonly AddressPool _pool;

    public AddressPoolTests() => _pool = new AddressPool(PodCidr.Parse("10.0.1.0/24"), router: null, _clock);

    [Fact]
    public void The_first_usable_address_is_the_router_and_pods_follow()
    {
        Assert.Equal("10.0.1.1", _pool.Router.ToString());
        Assert.Equal("10.0.1.2", _pool.Allocate("default/a").ToString());
        Assert.Equal("10.0.1.3", _pool.Allocate("default/b").ToString());
    }

    [Fact]
    public void A_freed_address_is_the_last_to_be_given_again()
    {
        IPAddress first = _pool.Allocate("default/a");
        Assert.True(_pool.Release(first));

        List<IPAddress> next = [.. Enumerable.Range(0, 253).Select(i => _pool.Allocate($"default/{i}"))];

        Assert.Equal(first, next[^1]);
        Assert.Equal(253, next.Distinct().Count());
    }

    [Fact]
    public void A_full_range_says_how_full_and_what_to_do()
    {
        for (int i = 0; i < 253; i++)
        {
            _pool.Allocate($"default/{i}");
        }

        AddressPoolException refusal = Assert.Throws<AddressPoolException>(() => _pool.Allocate("default/cni-6vf5d"));

        Assert.Equal(AddressPoolError.RangeFull, refusal.Error);
        Assert.Equal(
            "allocate an address from 10.0.1.0/24 for default/cni-6vf5d: range is full "
            + "(253 of 253 in use; free an endpoint or widen the node's pod CIDR)",
            refusal.Message);
    }

    [Theory]
    [InlineData("10.0.1.0", AddressPoolError.Reserved, "it is the network address of 10.0.1.0/24")]
    [InlineData("10.0.1.255", AddressPoolError.Reserved, "it is the broadcast address of 10.0.1.0/24")]
    [InlineData("10.0.1.1", AddressPoolError.Reserved, "it is the pods' gateway")]
    [InlineData("10.0.2.1", AddressPoolError.OutOfRange, "not in the node's pod CIDR 10.0.1.0/24")]
    [InlineData("fd00::1", AddressPoolError.OutOfRange, "not in the node's pod CIDR 10.0.1.0/24")]
    [InlineData("::ffff:10.0.1.5", AddressPoolError.OutOfRange, "not in the node's pod CIDR 10.0.1.0/24")]
    public void An_address_that_cannot_be_given_is_refused_with_the_reason(string address, AddressPoolError error, string reason)
    {
        AddressPoolException refusal = Assert.Throws<AddressPoolException>(() => _pool.Claim(IPAddress.Parse(address), "default/a"));

        Assert.Equal(error, refusal.Error);
        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void A_claimed_address_is_not_given_to_another_and_the_refusal_names_its_owner()
    {
        _pool.Claim(s_pod, "default/cni-6vf5d");

        AddressPoolException refusal = Assert.Throws<AddressPoolException>(() => _pool.Claim(s_pod, "default/other"));

        Assert.Equal(AddressPoolError.Taken, refusal.Error);
        Assert.Contains("default/cni-6vf5d has it", refusal.Message);
        Assert.DoesNotContain(s_pod, Enumerable.Range(0, 252).Select(i => _pool.Allocate($"default/{i}")));
    }

    [Fact]
    public void A_reservation_ends_by_itself()
    {
        IPAddress address = _pool.Allocate("default/a", reserveFor: TimeSpan.FromMinutes(10));

        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.True(_pool.Find(address)!.IsReservation);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_pool.Find(address));
        Assert.False(_pool.Confirm(address, "default/a"));
        Assert.False(_pool.Release(address));
        Assert.Equal(0, _pool.Used);
    }

    [Fact]
    public void A_confirmed_reservation_stays()
    {
        IPAddress address = _pool.Allocate("default/a", reserveFor: TimeSpan.FromMinutes(10));

        Assert.False(_pool.Confirm(address, "default/b"));
        Assert.True(_pool.Confirm(address, "default/a"));
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(new AddressAllocation(address, "default/a", IsReservation: false), _pool.Find(address));
    }

    [Fact]
    public void Reservations_that_ended_make_room_in_a_full_range()
    {
        for (int i = 0; i < 253; i++)
        {
            _pool.Allocate($"default/{i}", reserveFor: TimeSpan.FromMinutes(1));
        }
        _clock.Advance(TimeSpan.FromMinutes(1));

        _pool.Allocate("default/late");

        Assert.Equal(1, _pool.Used);
    }

    [Fact]
    public void A_router_outside_the_usable_range_is_refused()
    {
        PodCidr cidr = PodCidr.Parse("10.0.1.0/24");

        Assert.Throws<ArgumentException>(() => new AddressPool(cidr, IPAddress.Parse("10.0.2.1"), _clock));
        Assert.Throws<ArgumentException>(() => new AddressPool(cidr, IPAddress.Parse("10.0.1.0"), _clock));
        Assert.Throws<ArgumentException>(() => new AddressPool(cidr, IPAddress.Parse("10.0.1.255"), _clock));
    }

    [Theory]
    [InlineData("10.0.0.0/31", 1)]
    [InlineData("10.0.0.0/30", 1)]
    [InlineData("fd00::/127", 1)]
    [InlineData("fd00::/126", 2)]
    public void The_smallest_ranges_have_a_router_and_what_is_left(string cidr, int pods)
    {
        var pool = new AddressPool(PodCidr.Parse(cidr), router: null, _clock);
        for (int i = 0; i < pods; i++)
        {
            pool.Allocate($"default/{i}");
        }

        Assert.Throws<AddressPoolException>(() => pool.Allocate("default/more"));
    }

    [Fact]
    public async Task Addresses_given_at_once_on_many_threads_are_distinct()
    {
        IPAddress[] given = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => _pool.Allocate($"default/{i}"))));

        Assert.Equal(200, given.Distinct().Count());
    }
}
