using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Lab.Topology;

/// <summary>Reads addresses and networks more strictly than .NET does: what is read is what was meant.</summary>
internal static class AddressText
{
    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork s_uniqueLocal = IPNetwork.Parse("fc00::/7");

    public static bool TryParse(string text, AddressFamily family, out IPAddress address) =>
        family == AddressFamily.InterNetworkV6 ? TryParse6(text, out address) : TryParse4(text, out address);

    /// <summary>An address and a prefix length, whatever their bits.</summary>
    public static bool TryParseWithLength(string text, AddressFamily family, out IPAddress address, out int length)
    {
        address = IPAddress.None;
        length = 0;
        int slash = text.IndexOf('/');
        return slash > 0 && TryParse(text[..slash], family, out address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= address.GetAddressBytes().Length * 8;
    }

    public static IPNetwork NetworkOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static bool TryParse4(string text, out IPAddress address)
    {
        // IPAddress.Parse takes "1.2" for 1.0.0.2; nobody means that here.
        address = IPAddress.None;
        return text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out address!) && address.ToString() == text;
    }

    private static bool TryParse6(string text, out IPAddress address)
    {
        // IPAddress.Parse takes brackets, prefix lengths and scopes too. A lab's addresses are those that are routed.
        address = IPAddress.IPv6None;
        return text.All(c => char.IsAsciiHexDigit(c) || c == ':') && text.Contains(':') && IPAddress.TryParse(text, out address!)
            && (s_globalUnicast.Contains(address) || s_uniqueLocal.Contains(address));
    }
}
