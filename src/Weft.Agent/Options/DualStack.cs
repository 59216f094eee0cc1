namespace Weft.Agent.Options;

/// <summary>A value of IPv4 and maybe one of IPv6.</summary>
internal sealed record DualStack<T>(T IPv4, T? IPv6, bool HasIPv6)
{
    public override string ToString() => HasIPv6 ? $"{IPv4},{IPv6}" : $"{IPv4}";
}
