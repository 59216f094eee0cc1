namespace Weft.Agent.Options;

/// <summary>Families whose packets to the world leave with the node's address.</summary>
internal sealed record MasqueradeFamilies(string Name, bool IPv4, bool IPv6)
{
    /// <summary>All values of the option; <c>true</c> is the families that the node has.</summary>
    public static IReadOnlyList<MasqueradeFamilies> All { get; } =
        [new("true", true, true), new("false", false, false), new("ipv4", true, false), new("ipv6", false, true)];

    public override string ToString() => Name;
}
