using System.Net;
using Weft.Model.Addressing;

namespace Weft.Policy.Resolution;

/// <summary>IPv4 first, then by address, then the shorter first.</summary>
internal sealed class PrefixOrder : IComparer<IPNetwork>
{
    public static readonly PrefixOrder Instance = new();

    public int Compare(IPNetwork x, IPNetwork y)
    {
        int order = x.BaseAddress.IsIPv6().CompareTo(y.BaseAddress.IsIPv6());
        if (order != 0)
        {
            return order;
        }

        Span<byte> one = stackalloc byte[16];
        Span<byte> other = stackalloc byte[16];
        x.BaseAddress.TryWriteBytes(one, out int count);
        y.BaseAddress.TryWriteBytes(other, out _);
        order = one[..count].SequenceCompareTo(other[..count]);
        return order != 0 ? order : x.PrefixLength.CompareTo(y.PrefixLength);
    }
}
