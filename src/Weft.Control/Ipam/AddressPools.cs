using System.Net;
using Weft.Model.Addressing;

namespace Weft.Control.Ipam;

/// <summary>The pools of a node, one a family.</summary>
/// <remarks>Thread-safe, as each pool is.</remarks>
public sealed class AddressPools(AddressPool ipv4, AddressPool? ipv6)
{
    public AddressPool IPv4 { get; } = ipv4;

    /// <summary>Null: this node's pods have no IPv6.</summary>
    public AddressPool? IPv6 { get; } = ipv6;

    /// <summary>IPv4 first.</summary>
    public IEnumerable<AddressPool> All => IPv6 is null ? [IPv4] : [IPv4, IPv6];

    /// <summary>The pool of the address' family.</summary>
    /// <exception cref="AddressPoolException">It is IPv6, and this node has none.</exception>
    public AddressPool For(IPAddress address) => address.IsIPv6() ? IPv6 ?? throw NoIPv6($"allocate {address}") : IPv4;

    /// <summary>Makes an address the owner's for good, one that it had reserved or that nobody has.</summary>
    /// <exception cref="AddressPoolException">It is outside the range, reserved or in use.</exception>
    public void Claim(IPAddress address, string owner)
    {
        AddressPool pool = For(address);
        if (!pool.Confirm(address, owner))
        {
            pool.Claim(address, owner);
        }
    }

    /// <summary>Frees the address. False: it was free.</summary>
    public bool Release(IPAddress address) => All.Any(pool => pool.Release(address));

    /// <summary>What to say where an IPv6 address is asked for and there is no pool.</summary>
    public static AddressPoolException NoIPv6(string action) => new(
        AddressPoolError.OutOfRange,
        $"{action}: this node's pods have no IPv6 (start weft-agent with an IPv6 address in --node-ip and a range in --pod-cidr)");
}
