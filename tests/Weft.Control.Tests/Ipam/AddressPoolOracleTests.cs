using System.Net;
using Weft.Control.Ipam;
using Weft.Model.Addressing;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Ipam;

/// <summary>Random operations on the pool and on an array that is searched from the front, compared step by step.</summary>
public sealed class AddressPoolOracleTests
{
    [Theory]
    [InlineData("10.0.1.0/28")]
    [InlineData("10.0.1.0/29")]
    [InlineData("fd00::/123")]
    public void The_pool_does_what_the_plain_array_does(string text)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var clock = new ManualClock();
        PodCidr cidr = PodCidr.Parse(text);
        var pool = new AddressPool(cidr, router: null, clock);
        var oracle = new NaivePool(cidr, clock);

        for (int i = 0; i < 5000; i++)
        {
            string owner = $"default/{random.Next(8)}";
            IPAddress address = cidr.AddressAt((UInt128)random.Next((int)cidr.Size));
            TimeSpan? reserve = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(1, 50)) : null;
            (string what, string expected, string actual) = random.Next(6) switch
            {
                0 or 1 => ("allocate", oracle.Allocate(owner, reserve), Run(() => pool.Allocate(owner, reserve).ToString())),
                2 => ($"claim {address}", oracle.Claim(address, owner, reserve), Run(() =>
                {
                    pool.Claim(address, owner, reserve);
                    return "ok";
                })),
                3 => ($"release {address}", oracle.Release(address), Run(() => $"{pool.Release(address)}")),
                4 => ($"confirm {address}", oracle.Confirm(address, owner), Run(() => $"{pool.Confirm(address, owner)}")),
                _ => ("wait", oracle.List(), Run(() => string.Join(' ', pool.List().Select(a => $"{a.Address}={a.Owner}{a.IsReservation}")))),
            };
            Assert.True(expected == actual, $"seed {seed}, step {i}, {what}: expected {expected}, got {actual}");
            clock.Advance(TimeSpan.FromSeconds(random.Next(4)));
        }
    }

    private static string Run(Func<string> action)
    {
        try
        {
            return action();
        }
        catch (AddressPoolException e)
        {
            return e.Error.ToString();
        }
    }

    private sealed class NaivePool(PodCidr cidr, ManualClock clock)
    {
        private readonly (string Owner, DateTimeOffset? Until)?[] _slots = new (string, DateTimeOffset?)?[(int)cidr.Size];
        private int _cursor = (int)cidr.FirstUsable;

        public string Allocate(string owner, TimeSpan? reserve)
        {
            Expire();
            int at = _cursor;
            for (int tried = 0; tried <= _slots.Length; tried++)
            {
                int after = at == (int)cidr.LastUsable ? (int)cidr.FirstUsable : at + 1;
                if (at != (int)cidr.FirstUsable && _slots[at] is null)
                {
                    _slots[at] = (owner, clock.GetUtcNow() + reserve);
                    _cursor = after;
                    return cidr.AddressAt((UInt128)at).ToString();
                }
                at = after;
            }
            return nameof(AddressPoolError.RangeFull);
        }

        public string Claim(IPAddress address, string owner, TimeSpan? reserve)
        {
            Expire();
            int at = (int)cidr.OffsetOf(address);
            if (at <= (int)cidr.FirstUsable || at > (int)cidr.LastUsable)
            {
                return nameof(AddressPoolError.Reserved);
            }
            if (_slots[at] is not null)
            {
                return nameof(AddressPoolError.Taken);
            }
            _slots[at] = (owner, clock.GetUtcNow() + reserve);
            return "ok";
        }

        public string Release(IPAddress address)
        {
            Expire();
            bool held = _slots[(int)cidr.OffsetOf(address)] is not null;
            _slots[(int)cidr.OffsetOf(address)] = null;
            return $"{held}";
        }

        public string Confirm(IPAddress address, string owner)
        {
            Expire();
            bool held = _slots[(int)cidr.OffsetOf(address)] is { Until: not null } slot && slot.Owner == owner;
            if (held)
            {
                _slots[(int)cidr.OffsetOf(address)] = (owner, null);
            }
            return $"{held}";
        }

        public string List()
        {
            Expire();
            return string.Join(' ', Enumerable.Range(0, _slots.Length).Where(i => _slots[i] is not null)
                .Select(i => $"{cidr.AddressAt((UInt128)i)}={_slots[i]!.Value.Owner}{_slots[i]!.Value.Until is not null}"));
        }

        private void Expire()
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                _slots[i] = _slots[i]?.Until <= clock.GetUtcNow() ? null : _slots[i];
            }
        }
    }
}
