using System.Globalization;

namespace Weft.Events.Hops;

/// <summary>What changed in a packet from one point to the next.</summary>
/// <param name="Field">In the words of the protocol: <c>ttl</c>, <c>source</c>.</param>
/// <param name="Before">Null: it was not there.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record FactsDelta(string Field, string? Before, string? After)
{
    /// <summary>Fields that both have and that differ, and the tunnel's headers where they came or went.</summary>
    public static IReadOnlyList<FactsDelta> Between(PacketFacts before, PacketFacts after)
    {
        List<FactsDelta> changes = [];
        string? tunnelBefore = TunnelOf(before);
        string? tunnelAfter = TunnelOf(after);
        if (tunnelBefore != tunnelAfter)
        {
            changes.Add(new("vxlan", tunnelBefore, tunnelAfter));
        }

        // What is carried in a tunnel keeps its addresses of the layer below, which nobody reads on the way.
        Compare("source mac", before.SourceMac, after.SourceMac);
        Compare("destination mac", before.DestinationMac, after.DestinationMac);
        Compare("source", before.Source?.ToString(), after.Source?.ToString());
        Compare("destination", before.Destination?.ToString(), after.Destination?.ToString());
        Compare("source port", Text(before.SourcePort), Text(after.SourcePort));
        Compare("destination port", Text(before.DestinationPort), Text(after.DestinationPort));
        Compare("ttl", Text(before.Ttl), Text(after.Ttl));
        Compare("id", Text(before.Id), Text(after.Id));
        Compare("checksum", Hex(before.Checksum), Hex(after.Checksum));
        return changes;

        void Compare(string field, string? one, string? other)
        {
            if (one is not null && other is not null && one != other)
            {
                changes.Add(new(field, one, other));
            }
        }
    }

    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"+{Field} {After}",
        (_, null) => $"-{Field} {Before}",
        _ => $"{Field} {Before} → {After}",
    };

    private static string? TunnelOf(PacketFacts facts) => facts.Vni is { } vni
        ? string.Create(CultureInfo.InvariantCulture, $"{vni}, {facts.OuterSource} -> {facts.OuterDestination}")
        : null;

    private static string? Text(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Hex(int? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"0x{number:x4}") : null;
}
