using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>The names that Cilium's API has for ICMP types (numbers: IANA's registries of ICMP and ICMPv6 parameters).</summary>
internal static class IcmpTypes
{
    private static readonly Dictionary<string, byte> s_version4 = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EchoReply"] = 0,
        ["DestinationUnreachable"] = 3,
        ["Redirect"] = 5,
        ["Echo"] = 8,
        ["EchoRequest"] = 8,
        ["RouterAdvertisement"] = 9,
        ["RouterSelection"] = 10,
        ["TimeExceeded"] = 11,
        ["ParameterProblem"] = 12,
        ["Timestamp"] = 13,
        ["TimestampReply"] = 14,
        ["Photuris"] = 40,
        ["ExtendedEchoRequest"] = 42,
        ["ExtendedEchoReply"] = 43,
    };

    private static readonly Dictionary<string, byte> s_version6 = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DestinationUnreachable"] = 1,
        ["PacketTooBig"] = 2,
        ["TimeExceeded"] = 3,
        ["ParameterProblem"] = 4,
        ["EchoRequest"] = 128,
        ["EchoReply"] = 129,
        ["MulticastListenerQuery"] = 130,
        ["MulticastListenerReport"] = 131,
        ["MulticastListenerDone"] = 132,
        ["RouterSolicitation"] = 133,
        ["RouterAdvertisement"] = 134,
        ["NeighborSolicitation"] = 135,
        ["NeighborAdvertisement"] = 136,
        ["RedirectMessage"] = 137,
        ["RouterRenumbering"] = 138,
        ["DuplicateAddressRequestCodeSuffix"] = 157,
        ["DuplicateAddressConfirmationCodeSuffix"] = 158,
        ["ExtendedEchoRequest"] = 160,
        ["ExtendedEchoReply"] = 161,
    };

    public static IEnumerable<string> NamesOf(byte protocol) => Names(protocol).Keys;

    public static bool TryFind(byte protocol, string name, out byte type) => Names(protocol).TryGetValue(name, out type);

    private static Dictionary<string, byte> Names(byte protocol) => protocol == Protocols.Icmpv6 ? s_version6 : s_version4;
}
