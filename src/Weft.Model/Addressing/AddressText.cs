using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Model.Addressing;

/// <summary>Reads addresses and prefixes in their one usual form.</summary>
/// <remarks>The platform's parsers also take `10.0.1` (for 10.0.0.1), `010.0.1.1` (octal), scopes, and prefixes with host bits that
/// they clear: each a typing error that would go unnoticed here.</remarks>
public static class AddressText
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        bool valid = IPAddress.TryParse(text, out address) && !address.IsIPv4MappedToIPv6 && !text.ContainsAny('%', '[')
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.SequenceEqual(address.ToString()));
        address = valid ? address : null;
        return address is not null;
    }

    /// <summary>Reads `address/length` without host bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork prefix)
    {
        int slash = text.IndexOf('/');
        prefix = default;
        if (slash < 0 || !TryParse(text[..slash], out IPAddress? address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > address.GetAddressBytes().Length * 8)
        {
            return false;
        }
        prefix = new IPNetwork(address, length);
        return prefix.BaseAddress.Equals(address);
    }
}
