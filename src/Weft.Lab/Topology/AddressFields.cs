using System.Net;
using System.Net.Sockets;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>Reads the fields that are addresses and networks; one that is wrong is reported and reads as null.</summary>
internal static class AddressFields
{
    private static readonly FamilyRules s_ipv4 = new(AddressFamily.InterNetwork, "IPv4", 8, 29, "192.168.2.61", "10.0.1.0/24", "203.0.113.10/24");
    private static readonly FamilyRules s_ipv6 =
        new(AddressFamily.InterNetworkV6, "IPv6", 32, 120, "fd00:c0a8:2::61", "fd00:10:0:1::/64", "2001:db8:113::10/64");

    private static readonly FamilyRules s_pods6 = s_ipv6 with { ShortestPrefix = 64 };

    public static IPAddress? Address(this FieldReader fields, string field, bool required = true) => Address(fields, field, s_ipv4, required);

    /// <summary>An IPv6 address, which may always be left out.</summary>
    public static IPAddress? Address6(this FieldReader fields, string field) => Address(fields, field, s_ipv6, required: false);

    public static IPNetwork? Network(this FieldReader fields, string field) => Network(fields, field, s_ipv4, required: true);

    /// <inheritdoc cref="Address6"/>
    public static IPNetwork? Network6(this FieldReader fields, string field) => Network(fields, field, s_ipv6, required: false);

    /// <summary>As <see cref="Network6"/>, and small enough for an agent to give addresses from.</summary>
    public static IPNetwork? PodCidr6(this FieldReader fields, string field) => Network(fields, field, s_pods6, required: false);

    /// <summary>An address that a host can have in the network that its prefix length makes.</summary>
    public static HostAddress? HostAddress(this FieldReader fields, string field) => HostAddress(fields, field, s_ipv4, required: true);

    /// <inheritdoc cref="Address6"/>
    public static HostAddress? HostAddress6(this FieldReader fields, string field) => HostAddress(fields, field, s_ipv6, required: false);

    private static IPAddress? Address(FieldReader fields, string field, FamilyRules family, bool required)
    {
        if (fields.Text(field, required) is not { } text)
        {
            return null;
        }

        if (AddressText.TryParse(text, family.Family, out IPAddress address))
        {
            return address;
        }

        fields.Report(fields.LineOf(field), $"'{field}' of {fields.What} is no {family.Name} address: '{FieldReader.Shown(text)}' (as in {family.Address})");
        return null;
    }

    private static IPNetwork? Network(FieldReader fields, string field, FamilyRules family, bool required)
    {
        if (fields.Text(field, required) is not { } text)
        {
            return null;
        }

        if (AddressText.TryParseWithLength(text, family.Family, out IPAddress address, out int length)
            && AddressText.NetworkOf(address, length) is { } network && network.BaseAddress.Equals(address))
        {
            return CheckLength(fields, field, family, length) ? network : null;
        }

        fields.Report(fields.LineOf(field), $"'{field}' of {fields.What} is no {family.Name} network: '{FieldReader.Shown(text)}' (network address and length without host bits, as in {family.Network})");
        return null;
    }

    private static HostAddress? HostAddress(FieldReader fields, string field, FamilyRules family, bool required)
    {
        if (fields.Text(field, required) is not { } text)
        {
            return null;
        }

        if (!AddressText.TryParseWithLength(text, family.Family, out IPAddress address, out int length))
        {
            fields.Report(fields.LineOf(field), $"'{field}' of {fields.What} is no {family.Name} address with a prefix length: '{FieldReader.Shown(text)}' (as in {family.Host})");
            return null;
        }

        if (!CheckLength(fields, field, family, length))
        {
            return null;
        }

        IPNetwork network = AddressText.NetworkOf(address, length);
        if (NetworkRange.IsUsable(network, address))
        {
            return new HostAddress(address, network);
        }

        fields.Report(fields.LineOf(field), $"'{field}' of {fields.What} is no host address of its network {network}");
        return null;
    }

    private static bool CheckLength(FieldReader fields, string field, FamilyRules family, int length)
    {
        if (length >= family.ShortestPrefix && length <= family.LongestPrefix)
        {
            return true;
        }

        fields.Report(fields.LineOf(field), $"'{field}' of {fields.What} has a prefix length of {length} (from {family.ShortestPrefix} to {family.LongestPrefix})");
        return false;
    }

    /// <summary>What networks of a family may be, and examples for messages.</summary>
    private sealed record FamilyRules(AddressFamily Family, string Name, int ShortestPrefix, int LongestPrefix, string Address, string Network, string Host);
}
