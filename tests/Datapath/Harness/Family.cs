namespace Datapath.Harness;

/// <summary>The two families of addresses: what holds for one has to hold for the other.</summary>
public enum Family
{
    IPv4,
    IPv6,
}
