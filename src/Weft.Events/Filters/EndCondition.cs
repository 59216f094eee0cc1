using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Weft.Events;

/// <summary>Who an end of a packet is: one of the endpoints, of the identities, or somebody with one of the addresses.</summary>
/// <remarks>
/// Addresses are looked for in every IP and ARP header: those of a tunnel and those inside it. An ICMP error is also about the ends of the
/// packet that it quotes.
/// </remarks>
public sealed record EndCondition(EndSide Side)
{
    private const string EndpointPrefix = "endpoint=";
    private const string IdentityPrefix = "identity=";

    public ImmutableHashSet<ushort> Endpoints { get; init; } = [];

    public ImmutableHashSet<uint> Identities { get; init; } = [];

    public ImmutableArray<AddressRange> Addresses { get; init; } = [];

    /// <summary>For the query of a request: <c>from:10.0.0.0/8,endpoint=7,identity=4711</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> parts =
        [
            .. Addresses.Select(range => range.ToString()),
            .. Endpoints.Order().Select(id => string.Create(CultureInfo.InvariantCulture, $"{EndpointPrefix}{id}")),
            .. Identities.Order().Select(id => string.Create(CultureInfo.InvariantCulture, $"{IdentityPrefix}{id}")),
        ];
        return $"{Side.ToString().ToLowerInvariant()}:{string.Join(',', parts)}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out EndCondition condition)
    {
        ArgumentNullException.ThrowIfNull(text);
        condition = new EndCondition(EndSide.Any);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !Enum.TryParse(text[..colon], ignoreCase: true, out EndSide side))
        {
            return false;
        }

        condition = new EndCondition(side);
        foreach (string part in text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Number(part, EndpointPrefix) is <= ushort.MaxValue and uint endpoint)
            {
                condition = condition with { Endpoints = condition.Endpoints.Add((ushort)endpoint) };
            }
            else if (Number(part, IdentityPrefix) is uint identity)
            {
                condition = condition with { Identities = condition.Identities.Add(identity) };
            }
            else if (IPNetwork.TryParse(part, out IPNetwork network))
            {
                condition = condition with { Addresses = condition.Addresses.Add(new AddressRange(network)) };
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static uint? Number(string part, string prefix) =>
        part.StartsWith(prefix, StringComparison.Ordinal) && uint.TryParse(part.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : null;
}
