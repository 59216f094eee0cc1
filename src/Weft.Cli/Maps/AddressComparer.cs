using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>Orders addresses by number; IPv4, being v4-mapped, stands together.</summary>
internal sealed class AddressComparer : IComparer<WeftAddress>
{
    public static AddressComparer Instance { get; } = new();

    public int Compare(WeftAddress x, WeftAddress y)
    {
        Span<byte> left = stackalloc byte[WeftAddress.Size];
        Span<byte> right = stackalloc byte[WeftAddress.Size];
        x.CopyTo(left);
        y.CopyTo(right);
        return left.SequenceCompareTo(right);
    }
}
