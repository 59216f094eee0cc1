using System.CommandLine.Parsing;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Agent.Options;

/// <summary>Reads options that have one value a family, as in <c>192.168.2.61,fd00:c0a8:2::61</c>.</summary>
internal static class DualStackParser
{
    /// <returns>The IPv4 address and, if there is one, the IPv6 one.</returns>
    public static DualStack<IPAddress>? ParseAddresses(ArgumentResult result) => Parse<IPAddress>(
        result,
        static text => AddressText.TryParse(text, out IPAddress? address) ? address : null,
        static address => address.IsIPv6(),
        new Words("an IP address", "192.168.2.61,fd00:c0a8:2::61", "the outer packets of the overlay are IPv4"),
        static address => IsOfOneHost(address) ? null : "not an address that a host can have on a network");

    /// <returns>The IPv4 range and, if there is one, the IPv6 one.</returns>
    public static DualStack<IPNetwork>? ParsePodCidrs(ArgumentResult result) => Parse<IPNetwork>(
        result,
        static text => AddressText.TryParse(text, out IPNetwork prefix) ? (object)prefix : null,
        static prefix => prefix.BaseAddress.IsIPv6(),
        new Words("a prefix with its host bits zero", "10.0.1.0/24,fd00:10:0:1::/64", "every pod has an IPv4 address"),
        DescribeSize);

    /// <summary>Reads any number of prefixes.</summary>
    public static IReadOnlyList<IPNetwork>? ParsePrefixes(ArgumentResult result)
    {
        List<IPNetwork> prefixes = [];
        foreach (string text in Parts(result))
        {
            if (!AddressText.TryParse(text, out IPNetwork prefix))
            {
                Refuse(result, text, "not a prefix with its host bits zero (for example 10.0.0.0/8,fd00::/8)");
                return null;
            }

            prefixes.Add(prefix);
        }

        return prefixes;
    }

    // Of a class or a struct, a value that cannot be read is null: hence object.
    private static DualStack<T>? Parse<T>(
        ArgumentResult result, Func<string, object?> parse, Func<T, bool> isIPv6, Words words, Func<T, string?> describeFault)
        where T : notnull
    {
        List<(string Text, T Value)> values = [];
        foreach (string text in Parts(result))
        {
            if (parse(text) is not T value)
            {
                Refuse(result, text, $"not {words.Kind} (for example {words.Example})");
                return null;
            }

            if (describeFault(value) is { } fault)
            {
                Refuse(result, text, fault);
                return null;
            }

            values.Add((text, value));
        }

        (string Text, T Value)[] ipv4 = [.. values.Where(value => !isIPv6(value.Value))];
        (string Text, T Value)[] ipv6 = [.. values.Where(value => isIPv6(value.Value))];
        string all = result.Tokens[0].Value;
        if (ipv4.Length > 1 || ipv6.Length > 1)
        {
            Refuse(result, all, $"two of one family (give one of IPv4 and at most one of IPv6, for example {words.Example})");
            return null;
        }

        if (ipv4.Length == 0)
        {
            Refuse(result, all, $"IPv6 alone is not supported: {words.WhyIPv4} (for example {words.Example})");
            return null;
        }

        return new DualStack<T>(ipv4[0].Value, ipv6.Length == 0 ? default : ipv6[0].Value, ipv6.Length > 0);
    }

    private static string[] Parts(ArgumentResult result) => result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);

    private static void Refuse(ArgumentResult result, string text, string why) =>
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} '{Printable.Excerpt(text)}': {why}");

    private static bool IsOfOneHost(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
        && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && (address.IsIPv6() || address.GetAddressBytes()[0] < 224);

    private static string? DescribeSize(IPNetwork prefix)
    {
        (int shortest, int longest) = prefix.BaseAddress.IsIPv6() ? (64, 120) : (8, 29);
        return prefix.PrefixLength >= shortest && prefix.PrefixLength <= longest
            ? null
            : $"a /{prefix.PrefixLength} is no range for pods (take /{shortest} to /{longest})";
    }

    private sealed record Words(string Kind, string Example, string WhyIPv4);
}
