using System.Net;

namespace Weft.Cli.Output;

/// <summary>Orders addresses by number, IPv4 before IPv6; what is no address comes last.</summary>
internal sealed class AddressTextComparer : IComparer<string>
{
    public static AddressTextComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        byte[]? left = IPAddress.TryParse(x, out IPAddress? a) ? a.GetAddressBytes() : null;
        byte[]? right = IPAddress.TryParse(y, out IPAddress? b) ? b.GetAddressBytes() : null;
        return (left, right) switch
        {
            (null, null) => string.CompareOrdinal(x, y),
            (null, _) => 1,
            (_, null) => -1,
            _ when left.Length != right.Length => left.Length.CompareTo(right.Length),
            _ => left.AsSpan().SequenceCompareTo(right),
        };
    }
}
