using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Model.Addressing;

namespace Weft.Control.Operating;

/// <summary>A range of addresses that is given away in equal parts, the lowest free one first.</summary>
public sealed record PodCidrPool
{
    /// <summary>Of an IPv6 node's range: what subnets of IPv6 are made for.</summary>
    public const int IPv6Length = 64;

    private const int MostBits = 20;

    private PodCidrPool(IPNetwork range, int length) => (Range, Length) = (range, length);

    public IPNetwork Range { get; }

    /// <summary>Prefix length of a node's part.</summary>
    public int Length { get; }

    public int Count => 1 << (Length - Range.PrefixLength);

    public bool IsIPv4 => !Range.BaseAddress.IsIPv6();

    public static bool TryCreate(
        IPNetwork range, int length, [NotNullWhen(true)] out PodCidrPool? pool, [NotNullWhen(false)] out string? error)
    {
        int bits = length - range.PrefixLength;
        error = bits < 0 ? $"a node's /{length} does not fit into pool {range} (give a larger pool, or smaller parts)"
            : bits > MostBits ? $"pool {range} has more than 2^{MostBits} parts of /{length} (give a smaller pool)"
            : PodCidr.TryParse($"{range.BaseAddress}/{length}", out _, out string? why) ? null
            : why;
        pool = error is null ? new PodCidrPool(range, length) : null;
        return error is null;
    }

    /// <summary>Reads pools as an option names them, at most one a family: `10.0.0.0/8,fd00:10::/48`; empty: none.</summary>
    /// <param name="ipv4Length">Prefix length of an IPv4 node's part.</param>
    public static bool TryParseAll(string text, int ipv4Length, out ImmutableArray<PodCidrPool> pools, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var all = ImmutableArray.CreateBuilder<PodCidrPool>();
        error = null;
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!AddressText.TryParse(part, out IPNetwork range))
            {
                error = $"'{part}' is not a prefix with its host bits zero (for example 10.0.0.0/8,fd00:10::/48)";
            }
            else if (TryCreate(range, range.BaseAddress.IsIPv6() ? IPv6Length : ipv4Length, out PodCidrPool? pool, out error))
            {
                all.Add(pool);
            }
        }

        if (error is null && all.Select(pool => pool.IsIPv4).Distinct().Count() < all.Count)
        {
            error = $"'{text}' has two pools of one family (give one of each at most)";
        }

        pools = all.ToImmutable();
        return error is null;
    }

    public PodCidr PartAt(int index)
    {
        UInt128 offset = (UInt128)index << ((IsIPv4 ? 32 : 128) - Length);
        byte[] bytes = Range.BaseAddress.GetAddressBytes();
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] |= (byte)(offset & 0xff);
            offset >>= 8;
        }

        return PodCidr.Parse($"{new IPAddress(bytes)}/{Length}");
    }

    /// <summary>The lowest part that overlaps none of those ranges; null: none is left.</summary>
    public PodCidr? FindFree(IEnumerable<IPNetwork> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var used = new BitArray(Count);
        foreach (IPNetwork range in taken.Where(range => range.BaseAddress.IsIPv6() != IsIPv4))
        {
            Mark(used, range);
        }

        for (int i = 0; i < used.Count; i++)
        {
            if (!used[i])
            {
                return PartAt(i);
            }
        }

        return null;
    }

    private void Mark(BitArray used, IPNetwork range)
    {
        if (range.Contains(Range.BaseAddress) && range.PrefixLength <= Range.PrefixLength)
        {
            used.SetAll(true);
        }
        else if (Range.Contains(range.BaseAddress))
        {
            int shift = (IsIPv4 ? 32 : 128) - Length;
            int first = (int)((Number(range.BaseAddress) - Number(Range.BaseAddress)) >> shift);
            int count = range.PrefixLength >= Length ? 1 : 1 << (Length - range.PrefixLength);
            for (int i = first; i < first + count; i++)
            {
                used[i] = true;
            }
        }
    }

    private static UInt128 Number(IPAddress address) =>
        address.GetAddressBytes().Aggregate(UInt128.Zero, (number, part) => (number << 8) | part);
}
